import assert from "node:assert/strict";
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
        Wait: { Type: "Wait", Timestamp: "{% $states.input.at %}", Next: "Retry" },
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

  it("may do that and nothing else, and belongs to its state machine", async () => {
    const made = await pipeline(productionArgs({ deployRetryName }));
    const { trust, policy } = roleOf(made, "deployRetry");
    assert.deepEqual(policy.Statement, [
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

  it("is started and ended by Deploy alone", async () => {
    const made = await pipeline(productionArgs({ deployRetryName }));
    const may = (role: string, action: string, resource: string) =>
      isAllowed(
        { action: `states:${action}`, resource },
        { identity: [roleOf(made, role).policy] },
      );
    const execution = (name: string) => `${states}:execution:${name}:0f3c7a52-1`;
    const allowed: readonly [string, string][] = [
      ["StartExecution", machineArn],
      ["ListExecutions", machineArn],
      ["StopExecution", execution(deployRetryName)],
    ];
    for (const [action, resource] of allowed) {
      assert.ok(may("deploy", action, resource), action);
      for (const role of ["plan", "verify", "conclude", "pipeline"]) {
        assert.ok(!may(role, action, resource), `${role} ${action}`);
      }
    }
    assert.ok(!may("deploy", "StartExecution", `${states}:stateMachine:shop-production-report`));
    assert.ok(!may("deploy", "StopExecution", execution("shop-production-report")));
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
