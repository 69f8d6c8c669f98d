import assert from "node:assert/strict";
import jsonata from "jsonata";
import { lookExpression } from "../../../components/pipeline/deployRetry";
import { stateMachineLogStatement } from "../../../components/shared/stateMachineLog";
import { isAllowed, mayAssume } from "../../support/policies";
import { parsed } from "../../support/record";
import { pipeline, productionArgs, roleOf, stagesOf, types } from "./support";

const machine = "aws:sfn/stateMachine:StateMachine";
const deployRetryName = "shop-production-retry";
const states = "arn:aws:states:eu-west-1:123456789012";
const machineArn = `${states}:stateMachine:${deployRetryName}`;
const stage = "arn:aws:codepipeline:eu-west-1:123456789012:shop-production/Deploy";

describe("what tries Deploy again", () => {
  it("waits for the time that it is started with, and then retries the stage of its own pipeline", async () => {
    const made = await pipeline(productionArgs({ deployRetryName }));
    const { inputs } = made.one(machine);
    assert.deepEqual([inputs.name, inputs.type], [deployRetryName, "STANDARD"]);
    const overtaken = [
      "CodePipeline.StageNotRetryableException",
      "CodePipeline.NotLatestPipelineExecutionException",
    ];
    assert.deepEqual(parsed(made.one(machine), "definition"), {
      QueryLanguage: "JSONata",
      StartAt: "Wait",
      States: {
        Wait: { Type: "Wait", Timestamp: "{% $states.input.at %}", Next: "Look" },
        Look: {
          Type: "Task",
          Resource: "arn:aws:states:::aws-sdk:codepipeline:getPipelineState",
          Arguments: { Name: "shop-production" },
          Retry: [
            { ErrorEquals: ["States.ALL"], IntervalSeconds: 4, MaxAttempts: 5, BackoffRate: 2 },
          ],
          Output: `{% ${lookExpression} %}`,
          Next: "Judge",
        },
        Judge: {
          Type: "Choice",
          Choices: [
            { Condition: "{% $not($states.input.isNewest) %}", Next: "Overtaken" },
            { Condition: "{% $states.input.isBusy %}", Next: "Pause" },
          ],
          Default: "Retry",
        },
        Pause: { Type: "Wait", Seconds: 60, Next: "Look" },
        Retry: {
          Type: "Task",
          Resource: "arn:aws:states:::aws-sdk:codepipeline:retryStageExecution",
          Arguments: {
            PipelineName: "shop-production",
            StageName: "Deploy",
            PipelineExecutionId: "{% $states.input.execution %}",
            RetryMode: "FAILED_ACTIONS",
          },
          Retry: [
            { ErrorEquals: overtaken, MaxAttempts: 0 },
            { ErrorEquals: ["States.ALL"], IntervalSeconds: 4, MaxAttempts: 5, BackoffRate: 2 },
          ],
          Catch: [{ ErrorEquals: overtaken, Next: "Overtaken" }],
          End: true,
        },
        Overtaken: { Type: "Succeed" },
      },
    });
    const { actions } = stagesOf(made).find(({ name }) => name === "Deploy") ?? {};
    assert.equal(actions?.[0].name, "Deploy");
  });

  describe("looks at the pipeline", () => {
    const input = { at: "2026-12-01T08:00:00Z", execution: "id", build: "deploy:2" };
    const action = (ActionName: string, Status: string, ExternalExecutionId?: string) => ({
      ActionName,
      LatestExecution: { Status, ...(ExternalExecutionId ? { ExternalExecutionId } : {}) },
    });
    const stage = (StageName: string, ...ActionStates: object[]) => ({ StageName, ActionStates });
    const refused = stage("Deploy", action("Deploy", "Failed", "deploy:2"), {
      ActionName: "Verify",
    });
    const seen = async (...StageStates: object[]) => {
      const states = { input, result: { PipelineName: "shop", StageStates } };
      // As the engine has objects of its own.
      const found: unknown = await jsonata(lookExpression).evaluate({}, { states });
      const { isNewest, isBusy, ...rest } = JSON.parse(JSON.stringify(found)) as Record<
        string,
        unknown
      >;
      assert.deepEqual(rest, input);
      return { isNewest, isBusy };
    };
    const free = { isNewest: true, isBusy: false };

    it("and tries the build again that refused, as long as none has come after it", async () => {
      const prepared = action("Prepare", "Failed", "deploy:2");
      assert.deepEqual(await seen(refused), free);
      assert.deepEqual(await seen(stage("Deploy", prepared, action("Settle", "Succeeded"))), free);
      for (const later of [
        stage(
          "Deploy",
          action("Deploy", "InProgress", "deploy:3"),
          action("Verify", "Failed", "v:1"),
        ),
        stage("Deploy", { ActionName: "Deploy" }),
        stage("Plan", action("Plan", "Failed", "deploy:2")),
      ]) {
        assert.deepEqual(await seen(later), { ...free, isNewest: false });
      }
    });

    it("and waits while an older execution is concluded, and not for people", async () => {
      const asked = stage(
        "Confirm",
        action("Confirm", "Succeeded", "c:1"),
        action("Approve", "InProgress"),
      );
      const concluded = (status: string) => stage("Conclude", action("Conclude", status, "c:2"));
      assert.deepEqual(await seen(refused, asked, concluded("Failed")), free);
      assert.deepEqual(await seen(refused, asked, concluded("Succeeded")), free);
      const busy = { ...free, isBusy: true };
      assert.deepEqual(await seen(refused, asked, concluded("InProgress")), busy);
      const takenBack = stage(
        "Confirm",
        action("Confirm", "InProgress"),
        action("Approve", "Failed"),
      );
      assert.deepEqual(await seen(refused, takenBack), busy);
    });
  });

  it("may do that and nothing else, and belongs to its state machine", async () => {
    const made = await pipeline(productionArgs({ deployRetryName }));
    const { trust, policy } = roleOf(made, "deployRetry");
    assert.deepEqual(policy.Statement, [
      {
        ...{ Effect: "Allow", Action: ["codepipeline:GetPipelineState"] },
        Resource: [stage.replace("/Deploy", "")],
      },
      { Effect: "Allow", Action: ["codepipeline:RetryStageExecution"], Resource: [stage] },
      stateMachineLogStatement(),
    ]);
    const assumes = (sourceArn: string) =>
      mayAssume(trust, "states.amazonaws.com", {
        "aws:SourceAccount": "123456789012",
        "aws:SourceArn": sourceArn,
      });
    assert.ok(assumes(machineArn));
    assert.ok(!assumes(`${states}:stateMachine:shop-staging-retry`));
  });

  it("logs what failed", async () => {
    const made = await pipeline(productionArgs({ deployRetryName, logRetentionDays: 30 }));
    const { inputs } = made.one(types.logGroup, "shop-production-deployRetryLogs");
    assert.deepEqual(
      [inputs.name, inputs.retentionInDays],
      [`/aws/vendedlogs/states/${deployRetryName}`, 30],
    );
    assert.deepEqual(made.one(machine).inputs.loggingConfiguration, {
      level: "ERROR",
      includeExecutionData: true,
      logDestination: `arn:aws:logs:eu-west-1:123456789012:log-group:${String(inputs.name)}:*`,
    });
  });

  it("is started by Deploy alone, which ends none", async () => {
    const made = await pipeline(productionArgs({ deployRetryName }));
    const may = (role: string, action: string, resource: string) =>
      isAllowed(
        { action: `states:${action}`, resource },
        { identity: [roleOf(made, role).policy] },
      );
    const execution = (name: string) => `${states}:execution:${name}:0f3c7a52-1`;
    assert.ok(may("deploy", "StartExecution", machineArn));
    for (const role of ["plan", "verify", "conclude", "pipeline"]) {
      assert.ok(!may(role, "StartExecution", machineArn), role);
    }
    assert.ok(!may("deploy", "StartExecution", `${states}:stateMachine:shop-production-report`));
    assert.ok(!may("deploy", "StopExecution", execution(deployRetryName)));
    const retries = { action: "codepipeline:RetryStageExecution", resource: stage };
    assert.ok(!isAllowed(retries, { identity: [roleOf(made, "deploy").policy] }));
  });

  it("is not there without a name: no state machine, no role, no rights", async () => {
    const made = await pipeline(productionArgs());
    assert.deepEqual(made.all(machine), []);
    assert.deepEqual(
      made.all(types.role).filter(({ name }) => /retry/i.test(name)),
      [],
    );
    assert.doesNotMatch(JSON.stringify(roleOf(made, "deploy").policy), /states:/);
  });
});
