import assert from "node:assert/strict";
import { valueOf, type Recording } from "../support/record";
import type { EnvironmentOutputs } from "../../stacks/environment";
import { configKey } from "../../contract/names";
import { approvalAction, stages } from "../../contract/stages";
import { aRelease, environment } from "./support";

const connectionArn =
  "arn:aws:codeconnections:eu-west-1:123456789012:connection/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f";
const source = { type: "github", repository: "acme/shop", connectionArn };
const services = {
  web: { build: { context: "app", args: { EDITION: "full" } }, test: "npm test" },
};
const promoteTo = { stack: "production" };

const staging = (more = {}) =>
  environment({ services, pipeline: { source, promoteTo, ...more } }, { stack: "staging" });
const production = (more = {}) =>
  environment({ services, pipeline: more }, { stack: "production" });

interface Stage {
  readonly name: string;
  readonly actions: readonly { readonly name: string }[];
}

function stagesOf({ one }: Recording<EnvironmentOutputs>): Record<string, string[]> {
  const { stages } = one("aws:codepipeline/pipeline:Pipeline").inputs as unknown as {
    readonly stages: readonly Stage[];
  };
  return Object.fromEntries(
    stages.map(({ name, actions }) => [name, actions.map((action) => action.name)]),
  );
}

function variablesOf({ one }: Recording<EnvironmentOutputs>, project: string) {
  const { environment: given } = one("aws:codebuild/project:Project", project)
    .inputs as unknown as {
    readonly environment: {
      readonly environmentVariables: readonly { readonly name: string; readonly value: string }[];
    };
  };
  return Object.fromEntries(
    given.environmentVariables.map(({ name, value }) => [name, value] as const),
  );
}

const project = (recording: Recording<EnvironmentOutputs>, physicalName: string) => {
  const found = recording
    .all("aws:codebuild/project:Project")
    .find(({ inputs }) => inputs.name === physicalName);
  assert.ok(found, physicalName);
  return found.name;
};

describe("the pipeline of a stack", () => {
  it("is made where config asks for one, and nothing of it elsewhere", async () => {
    const { all, value } = await environment({ services });
    assert.deepEqual(all("gantry:index:Pipeline"), []);
    assert.deepEqual(all("aws:codebuild/project:Project"), []);
    assert.equal("pipelineUrl" in value, false);
  });

  it("has task definitions follow what CodePipeline registers, where its ECS action deploys", async () => {
    const ofTaskDefinition = async (given: object) => {
      const { one } = await staging(given);
      const { trackLatest, tags } = one("aws:ecs/taskDefinition:TaskDefinition").inputs;
      return { trackLatest, isTagged: tags !== undefined };
    };
    assert.deepEqual(await ofTaskDefinition({ deploy: "ecs" }), {
      ...{ trackLatest: true, isTagged: false },
    });
    assert.deepEqual(await ofTaskDefinition({}), { trackLatest: undefined, isTagged: true });
  });

  it("of staging builds, deploys and promotes", async () => {
    const recording = await staging();
    assert.deepEqual(stagesOf(recording), {
      Source: ["Source"],
      Build: ["Build-web", "Release"],
      Deploy: ["Deploy", "Verify", "Conclude"],
      Promote: ["Promote"],
    });
    assert.match(
      String(await valueOf(recording.value.pipelineUrl)),
      /codepipeline\/pipelines\/shop--staging\/view/,
    );
  });

  it("takes the stack's file from a bucket where config names one, of this stack alone", async () => {
    const config = { bucket: "acme-config" };
    for (const [stack, recording] of [
      ["staging", await staging({ config })],
      ["production", await production({ config })],
    ] as const) {
      const [{ actions }] = recording.one("aws:codepipeline/pipeline:Pipeline").inputs
        .stages as readonly { readonly actions: readonly { configuration: object }[] }[];
      assert.deepEqual(stagesOf(recording).Source, ["Source", "Config"]);
      assert.deepEqual(actions[1].configuration, {
        S3Bucket: "acme-config",
        S3ObjectKey: configKey("gantry", stack),
        PollForSourceChanges: "false",
      });
    }
    assert.deepEqual(stagesOf(await production()).Source, ["Source"]);
  });

  it("builds once what several services run", async () => {
    const jobs = { kind: "worker", imageOf: "web", command: ["node", "jobs.js"] };
    const mails = { kind: "worker", build: { args: { EDITION: "full" }, context: "./app/" } };
    const other = { kind: "worker", build: { context: "app", target: "other" } };
    const recording = await environment(
      { services: { ...services, jobs, mails, other }, pipeline: { source, promoteTo } },
      { stack: "staging" },
    );
    assert.deepEqual(stagesOf(recording).Build, ["Build-mails", "Build-other", "Release"]);
  });

  it("of production plans what arrives, and asks before it deploys", async () => {
    assert.deepEqual(stagesOf(await production()), {
      Source: ["Source"],
      Plan: ["Plan"],
      Approve: ["Approve"],
      Deploy: ["Deploy", "Verify", "Conclude"],
    });
    assert.ok(stages.approve in stagesOf(await production()), "delivery knows it by that name");
    assert.equal("Approve" in stagesOf(await production({ approval: false })), false);
  });

  it("of production asks after the verification, where it is told to, and holds new tasks until then", async () => {
    const recording = await production({ approval: "afterVerification", approvalTimeoutHours: 2 });
    const made = stagesOf(recording);
    assert.deepEqual(made, {
      Source: ["Source"],
      Plan: ["Plan"],
      Deploy: ["Deploy", "Verify"],
      Confirm: ["Confirm", "Approve"],
      Conclude: ["Conclude"],
    });
    assert.ok(
      stages.confirm in made && made.Confirm.includes(approvalAction),
      "delivery knows both",
    );
    const [{ inputs }] = recording.all("aws:ecs/service:Service");
    const { lifecycleHooks } = inputs.deploymentConfiguration as {
      readonly lifecycleHooks: readonly { readonly timeoutConfiguration: object }[];
    };
    const held = String(202 + 120 + 2 * (150 + 15));
    assert.deepEqual(lifecycleHooks[0].timeoutConfiguration, {
      timeoutInMinutes: held,
      action: "ROLLBACK",
    });
  });

  it("promotes to where production receives, and production trusts who promotes", async () => {
    const sender = await staging();
    const receiver = await production();
    const told = variablesOf(sender, project(sender, "shop--staging--promote"));
    const role = receiver
      .all("aws:iam/role:Role")
      .find(({ inputs }) => inputs.name === "shop--production--receive");
    assert.ok(role);
    assert.equal(
      told.GANTRY_RECEIVE_ROLE_ARN,
      "arn:aws:iam::123456789012:role/shop--production--receive",
    );
    assert.match(String(role.inputs.assumeRolePolicy), /role\/shop--staging--promote"/);
    const buckets = receiver.all("aws:s3/bucket:Bucket").map(({ inputs }) => inputs.bucket);
    assert.ok(buckets.includes(told.GANTRY_PROMOTE_BUCKET), String(buckets));
  });

  it("into another account lets that account pull, and no other", async () => {
    const policies = async (pipeline: object) =>
      (await staging(pipeline))
        .all("aws:ecr/repositoryPolicy:RepositoryPolicy")
        .map(({ inputs }) => String(inputs.policy))
        .join();
    const other = { promoteTo: { stack: "production", account: "210987654321" } };
    assert.match(await policies(other), /arn:aws:iam::210987654321:root/);
    assert.doesNotMatch(await policies({}), /:root/);
  });

  it("does not change with the release", async () => {
    const pipelineOf = async (recording: Promise<Recording<EnvironmentOutputs>>) =>
      (await recording).resources.filter(({ urn }) => urn.includes("gantry:index:Pipeline"));
    const config = { services, pipeline: { source, promoteTo } };
    assert.deepEqual(
      await pipelineOf(environment(config, { release: aRelease(["web"]) })),
      await pipelineOf(environment(config)),
    );
  });

  it("is not protected by Pulumi, so that a service can leave; what holds data is kept by AWS", async () => {
    const { all, one } = await production();
    for (const { options } of all("aws:codebuild/project:Project")) {
      assert.ok(!options.protect);
    }
    assert.equal(one("aws:dynamodb/table:Table").inputs.deletionProtectionEnabled, true);
  });
});
