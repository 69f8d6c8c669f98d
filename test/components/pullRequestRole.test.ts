import assert from "node:assert/strict";
import { PullRequestRole, type PullRequestRoleArgs } from "../../components";
import { parsed, record, valueOf } from "../support/record";
import { listed, statementsOf, type PolicyDocument } from "../support/policies";
import { pullRequestRole } from "./pullRequestRoleArgs";

const provider = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
const providerType = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";

function role(more: Partial<PullRequestRoleArgs> = {}) {
  return record(() => new PullRequestRole("shop", pullRequestRole(more)));
}

async function statements(more: Partial<PullRequestRoleArgs> = {}) {
  const { one } = await role(more);
  return statementsOf(parsed<PolicyDocument>(one("aws:iam/rolePolicy:RolePolicy"), "policy"));
}

describe("PullRequestRole", () => {
  it("trusts pull requests of the repository, by the account's provider, and nobody else", async () => {
    const { one, all, value } = await role();
    assert.deepEqual(parsed(one("aws:iam/role:Role"), "assumeRolePolicy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: provider },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": "repo:acme/shop:pull_request",
            },
          },
        },
      ],
    });
    assert.deepEqual(all(providerType), []);
    assert.match(String(await valueOf(value.roleArn)), /^arn:aws:iam::123456789012:role\//);
  });

  it("names a repository by GitHub's numbers where it is given so", async () => {
    const { one } = await role({ repository: "acme@123456/shop@456789" });
    const { Statement } = parsed<{ Statement: { Condition: object }[] }>(
      one("aws:iam/role:Role"),
      "assumeRolePolicy",
    );
    assert.match(
      JSON.stringify(Statement[0].Condition),
      /"repo:acme@123456\/shop@456789:pull_request"/,
    );
  });

  it("makes the provider where it shall, and trusts it", async () => {
    const { one } = await role({ provider: "create" });
    const { url, clientIdLists } = one(providerType).inputs;
    assert.deepEqual(
      { url, clientIdLists },
      { url: "https://token.actions.githubusercontent.com", clientIdLists: ["sts.amazonaws.com"] },
    );
  });

  it("takes another provider by its ARN", async () => {
    const other = provider.replace("123456789012", "210987654321");
    const { one } = await role({ provider: other });
    assert.match(
      String(await valueOf(one("aws:iam/role:Role").inputs.assumeRolePolicy)),
      new RegExp(other),
    );
  });

  describe("its rights", () => {
    it("are the pointer and whether repositories are there, where it has nothing else to look up", async () => {
      assert.deepEqual(await statements(), [
        {
          Effect: "Allow",
          Action: ["ssm:GetParametersByPath"],
          Resource: ["arn:aws:ssm:eu-west-1:123456789012:parameter/gantry/shop/staging"],
        },
        {
          Effect: "Allow",
          Action: ["ecr:DescribeRepositories"],
          Resource: ["arn:aws:ecr:eu-west-1:123456789012:repository/*"],
        },
      ]);
    });

    const whole: Partial<PullRequestRoleArgs> = {
      services: { web: { secrets: { URL: "shop/database:url", KEY: "/shop/key" } } },
      lookups: {
        ...{ existingNetwork: true, availabilityZones: true, hostedZone: true },
        also: [{ actions: ["sns:GetTopicAttributes"], resources: ["arn:aws:sns:*:*:orders"] }],
      },
      state: {
        ...{ backendUrl: "s3://acme-pulumi-state/shop", project: "shop" },
        keyArn: "arn:aws:kms:eu-west-1:123456789012:key/0a1b",
      },
    };

    it("are reading, whatever it looks up", async () => {
      const actions = (await statements(whole))
        .filter(({ Effect }) => Effect === "Allow")
        .flatMap(({ Action }) => listed(Action));
      const reading = /^[a-z0-9]+:(?:Describe|List|Get)\w+$|^kms:Decrypt$/;
      assert.deepEqual(
        actions.filter((action) => !reading.test(action)),
        [],
      );
      for (const secret of ["secretsmanager:GetSecretValue", "ssm:GetParameter"]) {
        assert.ok(!actions.includes(secret), secret);
      }
      assert.ok(actions.includes("sns:GetTopicAttributes"));
    });

    it("find secrets without reading them: parameters stay encrypted", async () => {
      const denied = (await statements(whole)).filter(({ Effect }) => Effect === "Deny");
      assert.deepEqual(denied, [
        {
          Effect: "Deny",
          Action: ["kms:Decrypt"],
          Resource: "*",
          Condition: { StringEquals: { "kms:ViaService": ["ssm.eu-west-1.amazonaws.com"] } },
        },
      ]);
    });

    it("are the state of this stack alone, and no other's", async () => {
      const objects = (await statements(whole))
        .filter(({ Action }) => listed(Action).includes("s3:GetObject"))
        .flatMap(({ Resource }) => listed(Resource));
      const root = "arn:aws:s3:::acme-pulumi-state/shop/.pulumi";
      assert.deepEqual(objects, [
        `${root}/meta.yaml`,
        `${root}/stacks/shop/staging.*`,
        `${root}/locks/organization/shop/staging/*`,
      ]);
    });

    it("are divided over policies where they are many", async () => {
      const services = Object.fromEntries(
        Array.from({ length: 50 }, (_, index) => [
          `service${index}`,
          {
            secrets: Object.fromEntries(
              Array.from({ length: 5 }, (__, key) => [`KEY${key}`, `shop/secret-${index}-${key}`]),
            ),
          },
        ]),
      );
      const { all } = await role({ services });
      assert.ok(all("aws:iam/policy:Policy").length > 0);
    });
  });
});
