import assert from "node:assert/strict";
import { isAllowed, listed, statementsOf, type PolicyDocument } from "../../support/policies";
import { parsed, valueOf, type RecordedResource, type Recording } from "../../support/record";
import {
  bucketPolicyOf,
  pipeline,
  pipelineService,
  productionArgs,
  projectVariablesOf,
  stagingArgs,
  types,
} from "./support";
import { staging } from "./permissions";
import type { Pipeline } from "../../../components";

describe("the buckets of a Pipeline", () => {
  const kinds: [string, string, () => Promise<Recording<Pipeline>>][] = [
    ["artifacts", "shop-staging-artifacts", () => pipeline(stagingArgs())],
    ["releases", "shop-production-releases", () => pipeline(productionArgs())],
  ];
  for (const [kind, name, make] of kinds) {
    it(`${kind}: keeps versions, encrypts with the pipeline's key, and is public to nobody`, async () => {
      const { one } = await make();
      const { versioningConfiguration } = one(types.versioning, `${name}-versioning`).inputs;
      assert.deepEqual(versioningConfiguration, { status: "Enabled" });
      const key = one(types.key).inputs;
      assert.equal(key.enableKeyRotation, true);
      assert.deepEqual(one(types.encryption, `${name}-encryption`).inputs.rules, [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: "aws:kms",
            kmsMasterKeyId: `arn:aws:kms:eu-west-1:123456789012:key/${one(types.key).name}-1a2b3c4`,
          },
          bucketKeyEnabled: true,
        },
      ]);
      const { bucket: _bucket, ...blocked } = one(types.publicAccess, `${name}-public`).inputs;
      assert.deepEqual(blocked, {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    });

    it(`${kind}: talks TLS alone, and gives up no version`, async () => {
      const recording = await make();
      const policy = bucketPolicyOf(recording, kind);
      const everything: PolicyDocument = {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
      };
      const may = (action: string, tls: string) =>
        isAllowed(
          {
            action,
            resource: `${String(listed(statementsOf(policy)[0].Resource)[0])}/a`,
            principal: "arn:aws:iam::123456789012:role/Administrator",
            context: { "aws:SecureTransport": tls },
          },
          { identity: [everything], resource: policy },
        );
      assert.equal(may("s3:GetObject", "true"), true);
      assert.equal(may("s3:GetObject", "false"), false);
      assert.equal(may("s3:DeleteObjectVersion", "true"), false);
    });
  }

  it("may be emptied and destroyed only where that is said", async () => {
    const kept = await pipeline(productionArgs());
    const free = await pipeline(productionArgs({ forceDestroy: true }));
    const destroys = ({ all }: Recording<unknown>) =>
      all(types.bucket).map(({ inputs }) => inputs.forceDestroy);
    assert.deepEqual(destroys(kept), [false, false]);
    assert.deepEqual(destroys(free), [true, true]);
    const sids = (of: Recording<Pipeline>) =>
      statementsOf(bucketPolicyOf(of, "artifacts")).map(({ Sid }) => Sid);
    assert.deepEqual(sids(kept), ["TlsOnly", "VersionsStay"]);
    assert.deepEqual(sids(free), ["TlsOnly"]);
  });

  it("expire artifacts after 30 days, and releases only when newer ones came 90 days ago", async () => {
    const { one } = await pipeline(productionArgs());
    const rules = (kind: string) =>
      one(types.lifecycle, `shop-production-${kind}-lifecycle`).inputs;
    assert.deepEqual(rules("artifacts").rules, [
      {
        id: "expire",
        status: "Enabled",
        filter: { prefix: "" },
        expiration: { days: 30 },
        noncurrentVersionExpiration: { noncurrentDays: 7 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    ]);
    assert.deepEqual(rules("releases").rules, [
      {
        id: "expire",
        status: "Enabled",
        filter: { prefix: "" },
        noncurrentVersionExpiration: { noncurrentDays: 90 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    ]);
  });

  it("of releases has the name that others know and sends events; that of artifacts has neither", async () => {
    const { one, all, value } = await pipeline(productionArgs());
    const name = "shop-production-releases-123456789012-eu-west-1";
    assert.equal(one(types.bucket, "shop-production-releases").inputs.bucket, name);
    assert.equal(one(types.bucket, "shop-production-artifacts").inputs.bucket, undefined);
    assert.deepEqual(
      all(types.notification).map(({ inputs }) => [inputs.bucket, inputs.eventbridge]),
      [[name, true]],
    );
    assert.ok(value.releaseBucketName);
    assert.equal(await valueOf(value.releaseBucketName), name);
  });
});

describe("the ledger of a Pipeline", () => {
  it("is paid by request, has one key of two parts, and can be had back", async () => {
    const { inputs } = (await pipeline(stagingArgs())).one(types.table);
    assert.deepEqual(inputs, {
      name: "shop-staging-deployments",
      billingMode: "PAY_PER_REQUEST",
      hashKey: "pk",
      rangeKey: "sk",
      attributes: [
        { name: "pk", type: "S" },
        { name: "sk", type: "S" },
      ],
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
    });
  });

  it("may be deleted only where that is said", async () => {
    const { inputs } = (await pipeline(stagingArgs({ forceDestroy: true }))).one(types.table);
    assert.equal(inputs.deletionProtectionEnabled, false);
  });
});

describe("the projects of a Pipeline", () => {
  const environmentOf = ({ inputs }: RecordedResource) =>
    inputs.environment as Record<string, unknown>;

  it("each have a role, a log and a time-out of their own", async () => {
    for (const args of [stagingArgs(), productionArgs(), stagingArgs({ deploy: "ecs" })]) {
      const { all } = await pipeline(args);
      const projects = all(types.project);
      assert.equal(new Set(projects.map(({ inputs }) => inputs.serviceRole)).size, projects.length);
      const groups = new Map(all(types.logGroup).map(({ inputs }) => [inputs.name, inputs]));
      for (const { name, inputs } of projects) {
        assert.equal(inputs.serviceRole, `arn:aws:iam::123456789012:role/${String(inputs.name)}`);
        const group = `/aws/codebuild/${String(inputs.name)}`;
        assert.deepEqual(inputs.logsConfig, { cloudwatchLogs: { groupName: group } });
        assert.equal(groups.get(group)?.retentionInDays, 90, name);
        assert.ok(Number(inputs.buildTimeout) <= 60, name);
        assert.equal(inputs.queuedTimeout, 30, name);
        assert.match(String(inputs.encryptionKey), /:key\/shop-/);
      }
    }
  });

  it("run the buildspec of their action", async () => {
    const specs = async (args: ReturnType<typeof stagingArgs>) =>
      (await pipeline(args)).all(types.project).map(({ inputs }) => {
        const { type, buildspec } = inputs.source as Record<string, string>;
        return `${String(inputs.name)} ${type} ${buildspec}`;
      });
    assert.deepEqual((await specs(stagingArgs())).sort(), [
      "shop-staging-build-jobs CODEPIPELINE buildspecs/build.yml",
      "shop-staging-build-web CODEPIPELINE buildspecs/build.yml",
      "shop-staging-conclude CODEPIPELINE buildspecs/conclude.yml",
      "shop-staging-deploy CODEPIPELINE buildspecs/deploy.yml",
      "shop-staging-promote CODEPIPELINE buildspecs/promote.yml",
      "shop-staging-release CODEPIPELINE buildspecs/release.yml",
      "shop-staging-verify CODEPIPELINE buildspecs/verify.yml",
    ]);
    assert.deepEqual((await specs(productionArgs())).sort(), [
      "shop-production-conclude CODEPIPELINE buildspecs/conclude.yml",
      "shop-production-deploy CODEPIPELINE buildspecs/deploy.yml",
      "shop-production-plan CODEPIPELINE buildspecs/plan.yml",
      "shop-production-verify CODEPIPELINE buildspecs/verify.yml",
    ]);
  });

  it("are privileged and cached for building images alone", async () => {
    const { all } = await pipeline(stagingArgs());
    for (const project of all(types.project)) {
      const builds = /-build-/.test(project.name);
      assert.equal(environmentOf(project).privilegedMode, builds, project.name);
      assert.deepEqual(
        project.inputs.cache,
        builds ? { type: "LOCAL", modes: ["LOCAL_DOCKER_LAYER_CACHE"] } : undefined,
      );
    }
  });

  it("build on the architecture of the service, with memory where Pulumi runs", async () => {
    const web = pipelineService("staging", "web", { architecture: "ARM64" });
    const { one } = await pipeline(stagingArgs({ services: { web } }));
    const of = (action: string) => environmentOf(one(types.project, `shop-staging-${action}`));
    const { type, image, computeType } = of("build-web");
    assert.deepEqual(
      [type, image, computeType],
      ["ARM_CONTAINER", "aws/codebuild/amazonlinux-aarch64-standard:3.0", "BUILD_GENERAL1_SMALL"],
    );
    assert.equal(of("deploy").image, "aws/codebuild/amazonlinux-x86_64-standard:5.0");
    assert.equal(of("deploy").computeType, "BUILD_GENERAL1_MEDIUM");
    assert.equal(of("verify").computeType, "BUILD_GENERAL1_SMALL");
  });

  it("take the minutes and days that are said", async () => {
    const { one, all } = await pipeline(
      stagingArgs({ timeoutMinutes: { deploy: 90 }, logRetentionDays: 14 }),
    );
    assert.equal(one(types.project, "shop-staging-deploy").inputs.buildTimeout, 90);
    assert.equal(one(types.project, "shop-staging-build-web").inputs.buildTimeout, 30);
    assert.deepEqual(
      new Set(all(types.logGroup).map((g) => g.inputs.retentionInDays)),
      new Set([14]),
    );
  });

  it("tell their commands what does not change", async () => {
    const web = pipelineService("staging", "web", {
      path: "app",
      test: "npm test",
      buildArgs: { NODE_ENV: "production" },
      url: "https://staging.shop.example.com",
    });
    const services = { web, jobs: pipelineService("staging", "jobs") };
    const { one } = await pipeline(stagingArgs({ services }));
    const told = (action: string) =>
      projectVariablesOf(one(types.project, `shop-staging-${action}`));
    const stack = { GANTRY_STACK: "staging" };
    const token = "SECRETS_MANAGER:gantry/pulumi-access-token";
    const backend = {
      PULUMI_BACKEND_URL: "https://api.pulumi.com",
      PULUMI_ACCESS_TOKEN: token,
    };
    assert.deepEqual(told("build-web"), {
      ...stack,
      GANTRY_SERVICE: "web",
      GANTRY_SERVICE_PATH: "app",
      GANTRY_TEST_COMMAND: "npm test",
      GANTRY_BUILD_ARGS: '{"NODE_ENV":"production"}',
    });
    assert.equal(told("build-jobs").GANTRY_TEST_COMMAND, "");
    assert.deepEqual(told("release"), { ...stack, GANTRY_PIPELINE: "shop-staging" });
    assert.deepEqual(told("deploy"), { ...stack, ...backend });
    assert.deepEqual(told("conclude"), { ...stack, ...backend });
    assert.deepEqual(told("verify"), {
      ...stack,
      GANTRY_SERVICE_URLS: '{"web":"https://staging.shop.example.com"}',
    });
    assert.deepEqual(told("promote"), {
      ...stack,
      GANTRY_PROMOTE_TO: "production",
      GANTRY_RECEIVE_ROLE_ARN: "arn:aws:iam::123456789012:role/shop-production-receive",
      GANTRY_PROMOTE_REGION: "eu-west-1",
      GANTRY_PROMOTE_BUCKET: "shop-production-releases-123456789012-eu-west-1",
    });
  });

  it("run in an image of your own, which CodeBuild may pull and nobody else", async () => {
    const builder = { repositoryName: "shop-builder", tag: "2026-11" };
    const { one, all } = await pipeline(stagingArgs({ builder }));
    const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-builder:2026-11";
    for (const project of all(types.project)) assert.equal(environmentOf(project).image, image);
    assert.equal(one(types.repository).inputs.imageTagMutability, "IMMUTABLE");
    const policy = parsed<PolicyDocument>(one(types.repositoryPolicy), "policy");
    const pulls = (principal: string, sourceArn: string) =>
      isAllowed(
        {
          action: "ecr:BatchGetImage",
          resource: "",
          principal,
          context: { "aws:SourceAccount": "123456789012", "aws:SourceArn": sourceArn },
        },
        { resource: policy },
      );
    assert.equal(pulls("codebuild.amazonaws.com", staging.project("deploy")), true);
    assert.equal(
      pulls("codebuild.amazonaws.com", staging.project("x").replace("shop", "eve")),
      false,
    );
    assert.equal(pulls("ecs-tasks.amazonaws.com", staging.project("deploy")), false);
  });
});

describe("the notifications of a Pipeline", () => {
  it("reach everyone named, through a topic that is encrypted", async () => {
    const { one, all, value } = await pipeline(stagingArgs({ notify: ["release@example.com"] }));
    const { kmsMasterKeyId } = one(types.topic).inputs;
    assert.equal(kmsMasterKeyId, staging.key);
    assert.deepEqual(
      all(types.subscription).map(({ inputs }) => [inputs.topic, inputs.protocol, inputs.endpoint]),
      [[await valueOf(value.topicArn), "email", "release@example.com"]],
    );
  });

  it("tell of executions that failed, in words", async () => {
    const { one } = await pipeline(stagingArgs());
    assert.deepEqual(parsed(one(types.rule, "shop-staging-failure"), "eventPattern"), {
      source: ["aws.codepipeline"],
      "detail-type": ["CodePipeline Pipeline Execution State Change"],
      detail: { pipeline: ["shop-staging"], state: ["FAILED"] },
    });
    const { inputTransformer } = one(types.target, "shop-staging-failure").inputs;
    assert.equal(
      (inputTransformer as { inputTemplate: string }).inputTemplate,
      '"The pipeline <pipeline> failed at <time>. Execution <execution>: https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/shop-staging/view?region=eu-west-1"',
    );
  });
});
