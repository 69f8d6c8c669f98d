import assert from "node:assert/strict";
import jsonata from "jsonata";
import { stateMachineLogStatement } from "../../../components/shared/stateMachineLog";
import { waitsExpression } from "../../../components/observability/waitingApproval";
import { parsed } from "../../support/record";
import { everything, observed, types } from "./support";

describe("what waits with an approval", () => {
  it("begins with it, and fails where nobody has answered by then", async () => {
    const { one } = await observed({ alarms: { approvalHours: 8 } });
    const { inputs } = one(types.stateMachine);
    assert.equal(inputs.name, "shop--approval--wait");
    const { States } = JSON.parse(String(inputs.definition)) as {
      States: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    assert.equal(States.Wait.Seconds, 8 * 3600);
    assert.equal(States.Unanswered.Type, "Fail");
    assert.deepEqual(parsed(one(types.rule), "eventPattern"), {
      source: ["aws.codepipeline"],
      "detail-type": ["CodePipeline Action Execution State Change"],
      detail: { pipeline: ["shop"], type: { category: ["Approval"] }, state: ["STARTED"] },
    });
  });

  it("may ask of this pipeline, and EventBridge start it, and nothing else", async () => {
    const { one } = await observed();
    const statements = (name: string) =>
      parsed<{ Statement: unknown }>(one(types.policy, name), "policy").Statement;
    assert.deepEqual(statements("shop-approvalWaitPolicy"), [
      {
        Effect: "Allow",
        Action: ["codepipeline:ListActionExecutions"],
        Resource: ["arn:aws:codepipeline:eu-west-1:123456789012:shop"],
      },
      stateMachineLogStatement(),
    ]);
    assert.deepEqual(statements("shop-approvalStartPolicy"), [
      {
        Effect: "Allow",
        Action: ["states:StartExecution"],
        Resource: ["arn:aws:states:eu-west-1:123456789012:stateMachine:shop--approval--wait"],
      },
    ]);
  });

  for (const [what, details, waits] of [
    ["waits", [{ ActionExecutionId: "a", Status: "InProgress" }], true],
    ["was answered", [{ ActionExecutionId: "a", Status: "Succeeded" }], false],
    ["was asked anew", [{ ActionExecutionId: "b", Status: "InProgress" }], false],
    ["is not listed any more", [], false],
  ] as const) {
    it(`finds that it ${what}`, async () => {
      const states = { result: { ActionExecutionDetails: details } };
      const found: unknown = await jsonata(waitsExpression).evaluate({}, { states, action: "a" });
      assert.equal(found, waits);
    });
  }

  it("is not there where nobody is asked", async () => {
    const { pipeline } = everything;
    assert.ok(pipeline);
    const { all } = await observed({ pipeline: { ...pipeline, asks: false } });
    assert.deepEqual([...all(types.stateMachine), ...all(types.role)], []);
  });
});
