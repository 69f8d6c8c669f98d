import assert from "node:assert/strict";
import type { PipelineArgs } from "../../components/pipeline/args";
import { listed, statementsOf, type PolicyDocument } from "../support/policies";
import { valueOf, type RecordedResource } from "../support/record";
import { pipeline, pipelineService, productionArgs, stagingArgs, types } from "./pipeline/support";

/** Actions for which AWS offers no narrower resource, or where another statement of the same role bounds them. */
const unbounded = [
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
  "ecr:GetAuthorizationToken",
  "ecs:DescribeTaskDefinition",
  "ecs:ListTasks",
  "ecs:RegisterTaskDefinition",
  "elasticloadbalancing:DescribeListeners",
  "elasticloadbalancing:DescribeLoadBalancerAttributes",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeRules",
  "elasticloadbalancing:DescribeTags",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeTargetHealth",
  "route53:ListHostedZones",
  "route53:ListHostedZonesByName",
];

const everything: Partial<PipelineArgs> = {
  deploy: "ecs",
  builder: { repositoryName: "shop-builder", tag: "2026-11" },
  lookups: {
    ...{ existingNetwork: true, existingLoadBalancer: true },
    ...{ availabilityZones: true, hostedZone: true },
  },
};

/** Every policy of a resource, whatever it is the policy of. */
function policiesOf({
  type,
  inputs,
}: RecordedResource): { where: string; policy: PolicyDocument }[] {
  return ["policy", "assumeRolePolicy"].flatMap((property) => {
    const text = inputs[property];
    return typeof text === "string"
      ? [{ where: `${type} ${property}`, policy: JSON.parse(text) as PolicyDocument }]
      : [];
  });
}

/** Which resource a URN names: its type below its parent's, and its logical name. */
function identity(resources: readonly RecordedResource[]): string[] {
  return resources
    .map(({ urn }) => urn.split("::").slice(2).join(" ").replaceAll("gantry:index:Pipeline$", ""))
    .sort();
}

describe("Pipeline", () => {
  describe("security", () => {
    for (const args of [stagingArgs(everything), productionArgs(everything)]) {
      it(`allows no wildcard of actions anywhere in ${args.stack}`, async () => {
        const { resources } = await pipeline(args);
        const policies = resources.flatMap(policiesOf);
        assert.ok(policies.length > 20);
        for (const { where, policy } of policies) {
          for (const { Effect, Action, NotAction } of statementsOf(policy)) {
            assert.equal(NotAction, undefined, where);
            if (Effect === "Allow") assert.doesNotMatch(listed(Action).join(), /[*?]/, where);
          }
        }
      });

      it(`allows on every resource only what AWS does not let it bound, in ${args.stack}`, async () => {
        const { all } = await pipeline(args);
        for (const resource of all(types.rolePolicy)) {
          const [{ policy }] = policiesOf(resource);
          for (const { Effect, Action, Resource } of statementsOf(policy)) {
            if (Effect === "Deny" || !listed(Resource).includes("*")) continue;
            const odd = listed(Action).filter((action) => !unbounded.includes(action));
            assert.deepEqual(odd, [], resource.name);
          }
        }
      });
    }

    it("keeps every policy within what IAM takes, with ten services", async () => {
      const services = Object.fromEntries(
        Array.from({ length: 10 }, (_, i) => [`s${i}`, pipelineService("staging", `s${i}`)]),
      );
      const { all } = await pipeline(stagingArgs({ services }));
      for (const { name, inputs } of all(types.rolePolicy)) {
        assert.ok(String(inputs.policy).length <= 10_240, name);
      }
    });
  });

  describe("outputs", () => {
    it("say where everything is", async () => {
      const { value } = await pipeline(stagingArgs());
      assert.equal(await valueOf(value.pipelineName), "shop-staging");
      assert.equal(
        await valueOf(value.pipelineUrl),
        "https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/shop-staging/view?region=eu-west-1",
      );
      assert.equal(await valueOf(value.artifactBucketName), "shop-staging-artifacts-1a2b3c4");
      assert.equal(await valueOf(value.ledgerName), "shop-staging-deployments");
      assert.equal(value.releaseBucketName, undefined);
      assert.equal(value.builderImage, undefined);
    });
  });

  describe("options", () => {
    it("protects everything where it is protected itself", async () => {
      const { resources } = await pipeline(productionArgs(), { protect: true });
      assert.deepEqual(
        resources.filter(({ options }) => !options.protect).map(({ name }) => name),
        [],
      );
    });

    it("tags everything that takes tags", async () => {
      const tags = { team: "shop" };
      const { all } = await pipeline(productionArgs({ ...everything, tags }));
      for (const kind of [
        "pipeline",
        "project",
        "role",
        "logGroup",
        "key",
        "table",
        "rule",
        "bucket",
        "repository",
      ] as const) {
        const found = all(types[kind]);
        assert.ok(found.length > 0, kind);
        for (const { name, inputs } of found) assert.deepEqual(inputs.tags, tags, name);
      }
    });

    it("starts only when its roles may and its projects are there", async () => {
      const { one, all } = await pipeline(stagingArgs());
      const { dependencies } = one(types.pipeline).options;
      for (const { urn } of all(types.project)) assert.ok(dependencies.includes(urn), urn);
      for (const name of ["shop-staging-pipeline-policy", "shop-staging-source-policy"]) {
        assert.ok(dependencies.includes(one(types.rolePolicy, name).urn), name);
      }
    });
  });

  describe("in preview", () => {
    for (const args of [stagingArgs(everything), productionArgs(everything)]) {
      it(`makes the same resources of ${args.stack} as later`, async () => {
        const before = await pipeline(args, { preview: true });
        const after = await pipeline(args);
        assert.deepEqual(identity(before.resources), identity(after.resources));
      });
    }
  });

  describe("identity", () => {
    const project = (name: string) => [
      `aws:cloudwatch/logGroup:LogGroup ${name}`,
      `aws:codebuild/project:Project ${name}`,
      ...role(name),
    ];
    const role = (name: string) => [
      `aws:iam/role:Role ${name}-role`,
      `aws:iam/role:Role$aws:iam/rolePolicy:RolePolicy ${name}-policy`,
    ];
    const bucket = (name: string) => [
      `aws:s3/bucket:Bucket ${name}`,
      `aws:s3/bucket:Bucket$${types.lifecycle} ${name}-lifecycle`,
      `aws:s3/bucket:Bucket$${types.bucketPolicy} ${name}-policy`,
      `aws:s3/bucket:Bucket$${types.publicAccess} ${name}-public`,
      `aws:s3/bucket:Bucket$${types.encryption} ${name}-encryption`,
      `aws:s3/bucket:Bucket$${types.versioning} ${name}-versioning`,
    ];
    const common = (name: string) => [
      `gantry:index:Pipeline ${name}`,
      `aws:codepipeline/pipeline:Pipeline ${name}`,
      ...["failure", "cutOff"].flatMap((part) => [
        `aws:cloudwatch/eventRule:EventRule ${name}-${part}`,
        `aws:cloudwatch/eventRule:EventRule$aws:cloudwatch/eventTarget:EventTarget ${name}-${part}`,
      ]),
      `aws:dynamodb/table:Table ${name}-ledger`,
      `aws:kms/key:Key ${name}-key`,
      ...bucket(`${name}-artifacts`),
      ...role(`${name}-pipeline`),
      ...role(`${name}-source`),
      ...["deploy", "verify", "conclude"].flatMap((action) => project(`${name}-${action}`)),
    ];

    it("of staging is these names and types", async () => {
      const { resources } = await pipeline(stagingArgs());
      const own = ["build-web", "build-jobs", "release", "promote"];
      const expected = [
        ...common("shop-staging"),
        ...own.flatMap((action) => project(`shop-staging-${action}`)),
        ...role("shop-staging-history"),
      ];
      assert.deepEqual(identity(resources), expected.sort());
    });

    it("of production is these names and types", async () => {
      const { resources } = await pipeline(productionArgs());
      const name = "shop-production";
      const expected = [
        ...common(name),
        ...project(`${name}-plan`),
        ...bucket(`${name}-releases`),
        `aws:s3/bucket:Bucket$${types.notification} ${name}-releases-events`,
        ...role(`${name}-receive`),
        ...role(`${name}-start`),
        `aws:cloudwatch/eventRule:EventRule ${name}-start`,
        `aws:cloudwatch/eventRule:EventRule$aws:cloudwatch/eventTarget:EventTarget ${name}-start`,
      ];
      assert.deepEqual(identity(resources), expected.sort());
    });

    it("of roles that others must know is their physical name", async () => {
      const named = async (args: PipelineArgs) =>
        (await pipeline(args))
          .all(types.role)
          .map(({ inputs }) => inputs.name)
          .filter(Boolean)
          .sort();
      assert.deepEqual(await named(productionArgs()), [
        "shop-production-conclude",
        "shop-production-deploy",
        "shop-production-plan",
        "shop-production-receive",
        "shop-production-source",
        "shop-production-verify",
      ]);
    });
  });
});
