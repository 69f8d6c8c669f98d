import assert from "node:assert/strict";
import { isAllowed, type PolicyDocument } from "../../support/policies";
import { parsed, type RecordedResource } from "../../support/record";
import { staging } from "./permissions";
import {
  pipeline,
  pipelineService,
  productionArgs,
  stagingArgs,
  toldBy,
  topicOf,
  types,
} from "./support";

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
        assert.equal(inputs.buildTimeout, 60, name);
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
      "shop-staging-build-jobs CODEPIPELINE ci/build.yml",
      "shop-staging-build-web CODEPIPELINE ci/build.yml",
      "shop-staging-conclude CODEPIPELINE ci/conclude.yml",
      "shop-staging-deploy CODEPIPELINE ci/deploy.yml",
      "shop-staging-promote CODEPIPELINE ci/promote.yml",
      "shop-staging-release CODEPIPELINE ci/release.yml",
      "shop-staging-verify CODEPIPELINE ci/verify.yml",
    ]);
    assert.deepEqual((await specs(productionArgs())).sort(), [
      "shop-production-conclude CODEPIPELINE ci/conclude.yml",
      "shop-production-deploy CODEPIPELINE ci/deploy.yml",
      "shop-production-plan CODEPIPELINE ci/plan.yml",
      "shop-production-verify CODEPIPELINE ci/verify.yml",
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

  it("run all on the services' architecture where an image of your own is for one", async () => {
    const web = pipelineService("staging", "web", { architecture: "ARM64" });
    const builder = { repositoryName: "shop-builder", tag: "2026-11" };
    const { all } = await pipeline(stagingArgs({ services: { web }, builder }));
    const hosts = all(types.project).map((made) => environmentOf(made).type);
    assert.deepEqual(new Set(hosts), new Set(["ARM_CONTAINER"]));
  });

  it("take the minutes and days that are said", async () => {
    const { one, all } = await pipeline(
      stagingArgs({ timeoutMinutes: { deploy: 90 }, queueMinutes: 150, logRetentionDays: 14 }),
    );
    assert.deepEqual(
      new Set(all(types.project).map(({ inputs }) => inputs.queuedTimeout)),
      new Set([150]),
    );
    assert.equal(one(types.project, "shop-staging-deploy").inputs.buildTimeout, 90);
    assert.equal(one(types.project, "shop-staging-build-web").inputs.buildTimeout, 60);
    assert.deepEqual(
      new Set(all(types.logGroup).map((g) => g.inputs.retentionInDays)),
      new Set([14]),
    );
  });

  it("tell their commands what is given for them, and Pulumi's where the state is", async () => {
    const backend = {
      TOPIC: topicOf("staging"),
      PULUMI_BACKEND_URL: "https://api.pulumi.com",
      PULUMI_ACCESS_TOKEN: "SECRETS_MANAGER:gantry/shop/staging/pulumi-access-token",
    };
    const recording = await pipeline(stagingArgs());
    const told = (action: string) => toldBy(recording, action);
    assert.deepEqual(told("build-web"), { SERVICE: "web" });
    assert.deepEqual(told("build-jobs"), { SERVICE: "jobs" });
    assert.deepEqual(told("release"), {});
    assert.deepEqual(told("deploy"), backend);
    assert.deepEqual(told("conclude"), backend);
    assert.deepEqual(told("verify"), { URL: "https://shop.example.com" });
    assert.deepEqual(told("promote"), {});
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
