import assert from "node:assert/strict";
import { Registry, type RegistryArgs } from "../../components";
import { parsed, record, valueOf } from "../support/record";

const args = { environment: "staging", repositories: { web: "shop-staging/web" } };

function registry(more: Partial<RegistryArgs> = {}, protect?: boolean) {
  return record(() => new Registry("shop", { ...args, ...more }, { protect }));
}

const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

describe("Registry", () => {
  it("makes one repository for each service, under the name that others know", async () => {
    const repositories = { web: "shop-staging/web", jobs: "shop-staging/jobs" };
    const { all, value } = await registry({ repositories });
    assert.deepEqual(
      all("aws:ecr/repository:Repository").map(({ inputs }) => inputs.name),
      ["shop-staging/web", "shop-staging/jobs"],
    );
    assert.equal(
      await valueOf(value.repositoryUrls.jobs),
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-staging/jobs",
    );
  });

  describe("defaults", () => {
    it("never moves a tag, scans every push, and keeps images on destroy", async () => {
      const { inputs } = (await registry()).one("aws:ecr/repository:Repository");
      assert.equal(inputs.imageTagMutability, "IMMUTABLE");
      assert.deepEqual(inputs.imageScanningConfiguration, { scanOnPush: true });
      assert.equal(inputs.forceDelete, false);
    });

    it("keeps the last 20 deployments beside the newest", async () => {
      const { one } = await registry();
      const policy = parsed<{ rules: object[] }>(
        one("aws:ecr/lifecyclePolicy:LifecyclePolicy"),
        "policy",
      );
      assert.deepEqual(policy.rules[0], {
        rulePriority: 1,
        description: "All but the last 21 deployments",
        selection: {
          tagStatus: "tagged",
          tagPatternList: ["staging-*"],
          countType: "imageCountMoreThan",
          countNumber: 21,
        },
        action: { type: "expire" },
      });
    });
  });

  it("deletes a changed lifecycle policy before it creates its successor, which would be deleted with it", async () => {
    const { one } = await registry();
    const { options } = one("aws:ecr/lifecyclePolicy:LifecyclePolicy");
    assert.equal(options.deleteBeforeReplace, true);
  });

  describe("security", () => {
    it("lets nobody pull beside the roles of its own account", async () => {
      const { all } = await registry();
      assert.deepEqual(all("aws:ecr/repositoryPolicy:RepositoryPolicy"), []);
    });

    it("lets the roles named pull, and neither push nor any other of their account", async () => {
      const roleName = "shop-production-receive";
      const { one } = await registry({ pulledBy: [{ accountId: "210987654321", roleName }] });
      assert.deepEqual(parsed(one("aws:ecr/repositoryPolicy:RepositoryPolicy"), "policy"), {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "Account210987654321Pulls",
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::210987654321:root" },
            Action: pull,
            Condition: {
              ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::210987654321:role/${roleName}` },
            },
          },
        ],
      });
    });
  });

  it("protects its repositories where it is protected itself, and not the policies, which change", async () => {
    const pulledBy = [{ accountId: "210987654321", roleName: "shop-production-receive" }];
    const { one } = await registry({ pulledBy }, true);
    assert.equal(one("aws:ecr/repository:Repository").options.protect, true);
    assert.equal(one("aws:ecr/lifecyclePolicy:LifecyclePolicy").options.protect, false);
    assert.equal(one("aws:ecr/repositoryPolicy:RepositoryPolicy").options.protect, false);
  });

  for (const forceDelete of [false, true]) {
    it(`${forceDelete ? "deletes" : "leaves in AWS"} what belongs to a service that is removed`, async () => {
      const { resources } = await registry({ forceDelete });
      const own = resources.filter(({ type }) => type.startsWith("aws:"));
      assert.deepEqual(
        own.map(({ options }) => options.retainOnDelete),
        own.map(() => !forceDelete),
      );
    });
  }

  describe("failures", () => {
    for (const keepReleases of [0, 501, 2.5]) {
      it(`fails when it shall keep ${keepReleases} releases`, async () => {
        await assert.rejects(
          registry({ keepReleases }),
          /keepReleases: given .*; allowed: 1 to 500/,
        );
      });
    }
  });
});
