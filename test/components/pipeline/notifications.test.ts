import assert from "node:assert/strict";
import { isAllowed } from "../../support/policies";
import { parsed } from "../../support/record";
import type { PipelineArgs } from "../../../components/pipeline/args";
import { staging } from "./permissions";
import { pipeline, productionArgs, roleOf, stagingArgs, topicOf, types } from "./support";

const taskFailures = {
  buildspec: "ci/explain.yml",
  variables: { PRODUCT: "shop" },
  serviceVariable: "SERVICE_ARN",
  eventVariable: "EVENT",
};

function telling(more: Partial<NonNullable<PipelineArgs["notifications"]>>): PipelineArgs {
  const args = stagingArgs();
  return { ...args, notifications: { ...args.notifications!, ...more } };
}

describe("what a Pipeline tells people by EventBridge", () => {
  it("is that actions failed whose commands do not tell it themselves", async () => {
    const { one } = await pipeline(stagingArgs());
    assert.deepEqual(parsed(one(types.rule, "shop-staging-failure"), "eventPattern"), {
      source: ["aws.codepipeline"],
      "detail-type": ["CodePipeline Action Execution State Change"],
      detail: {
        pipeline: ["shop-staging"],
        state: ["FAILED"],
        action: [
          { "anything-but": ["Plan", "Prepare", "Deploy", "Settle", "Confirm", "Conclude"] },
        ],
      },
    });
    const { arn, inputTransformer } = one(types.target, "shop-staging-failure").inputs as {
      arn: string;
      inputTransformer: { inputTemplate: string };
    };
    assert.equal(arn, topicOf("staging"));
    assert.equal(
      inputTransformer.inputTemplate,
      '"shop staging: the action <action> failed: <summary>. https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/shop-staging/executions/<execution>/timeline?region=eu-west-1"',
    );
  });

  it("is no refusal after the verification, of which the way back tells", async () => {
    const { one } = await pipeline(productionArgs({ approval: { after: "verification" } }));
    const pattern = parsed<{ detail: { action: [{ "anything-but": string[] }] } }>(
      one(types.rule, "shop-production-failure"),
      "eventPattern",
    );
    assert.ok(pattern.detail.action[0]["anything-but"].includes("Approve"));
  });

  it("is that commands which tell were cut off, and not that they failed", async () => {
    const { one } = await pipeline(productionArgs());
    const { detail } = parsed<{ detail: Record<string, unknown> }>(
      one(types.rule, "shop-production-cutOff"),
      "eventPattern",
    );
    assert.deepEqual(detail["project-name"], [
      "shop-production-plan",
      "shop-production-deploy",
      "shop-production-conclude",
    ]);
    const failedBuild = { "completed-phase": "BUILD", "completed-phase-status": "FAILED" };
    const told = (detail.$or as Record<string, string[]>[]).filter((one) =>
      Object.entries(failedBuild).every(([key, value]) => one[key].includes(value)),
    );
    assert.deepEqual(told, []);
  });

  it("is that deployments begin, where that is wanted", async () => {
    const { all } = await pipeline(telling({ events: ["started"] }));
    const names = all(types.rule).map(({ name }) => name);
    assert.deepEqual(names, ["shop-staging-started"]);
  });

  it("is that nothing tries a release again which was refused, and what to do then", async () => {
    const deployRetryName = "shop-staging-retry";
    const { one } = await pipeline({ ...stagingArgs(), deployRetryName });
    const machine = `arn:aws:states:eu-west-1:123456789012:stateMachine:${deployRetryName}`;
    assert.deepEqual(parsed(one(types.rule, "shop-staging-retryFailure"), "eventPattern"), {
      source: ["aws.states"],
      "detail-type": ["Step Functions Execution Status Change"],
      detail: { status: ["FAILED", "TIMED_OUT", "ABORTED"], stateMachineArn: [machine] },
    });
    const { inputs } = one(types.target, "shop-staging-retryFailure");
    const { inputTemplate } = inputs.inputTransformer as { inputTemplate: string };
    assert.equal(
      inputTemplate,
      '"shop staging: a release that was refused is not tried again by itself: what waited for that ended with <status>; retry the stage Deploy in CodePipeline, unless a newer release has come into it. https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/<arn>"',
    );
  });

  it("is no retry where nothing is tried again, or nobody is told", async () => {
    const retries = async (args: PipelineArgs) =>
      (await pipeline(args)).all(types.rule).filter(({ name }) => name.endsWith("-retryFailure"));
    assert.deepEqual(await retries(stagingArgs()), []);
    const deployRetryName = "shop-staging-retry";
    assert.deepEqual(
      await retries({ ...stagingArgs(), deployRetryName, notifications: undefined }),
      [],
    );
    const started = { ...telling({ events: ["started"] }), deployRetryName };
    assert.deepEqual(await retries(started), []);
  });

  it("is nothing where nobody is told", async () => {
    const { all } = await pipeline({ ...stagingArgs(), notifications: undefined });
    assert.deepEqual(all(types.rule), []);
    const policies = all(types.rolePolicy).map(({ inputs }) => String(inputs.policy));
    assert.deepEqual(
      policies.filter((policy) => policy.includes("sns:")),
      [],
    );
  });
});

describe("what explains that tasks fail while nothing is deployed", () => {
  it("is started by ECS's events of the cluster, with the service and what happened", async () => {
    const { one } = await pipeline(telling({ taskFailures }));
    assert.deepEqual(parsed(one(types.rule, "shop-staging-explain"), "eventPattern"), {
      source: ["aws.ecs"],
      "detail-type": ["ECS Service Action"],
      detail: {
        eventName: [
          "SERVICE_TASK_CONFIGURATION_FAILURE",
          "SERVICE_TASK_PLACEMENT_FAILURE",
          "SERVICE_TASK_START_IMPAIRED",
        ],
        clusterArn: [staging.cluster],
      },
    });
    const { arn, inputTransformer } = one(types.target, "shop-staging-explain").inputs as {
      arn: string;
      inputTransformer: { inputTemplate: string };
    };
    assert.match(arn, /:project\/shop-staging-explain$/);
    assert.deepEqual(JSON.parse(inputTransformer.inputTemplate), {
      environmentVariablesOverride: [
        { name: "SERVICE_ARN", value: "<service>", type: "PLAINTEXT" },
        { name: "EVENT", value: "<event>", type: "PLAINTEXT" },
      ],
    });
  });

  it("may look, publish, and write nothing in the ledger but what was told", async () => {
    const identity = [roleOf(await pipeline(telling({ taskFailures })), "explain").policy];
    const may = (action: string, resource: string, context: Record<string, string> = {}) =>
      isAllowed({ action, resource, context }, { identity });
    const write = (partition: string) =>
      may("dynamodb:PutItem", staging.ledger, { "dynamodb:LeadingKeys": partition });
    assert.equal(write("told"), true);
    for (const partition of ["lock", "deployments"]) assert.equal(write(partition), false);
    assert.equal(may("sns:Publish", topicOf("staging")), true);
    assert.equal(may("logs:GetLogEvents", staging.serviceLog("web")), true);
    assert.equal(may("ecs:UpdateService", `${staging.cluster}/web`), false);
    assert.equal(may("dynamodb:DeleteItem", staging.ledger), false);
  });

  it("is not there where nothing is given for it", async () => {
    const { all } = await pipeline(stagingArgs());
    assert.ok(all(types.project).every(({ name }) => !name.endsWith("-explain")));
  });
});
