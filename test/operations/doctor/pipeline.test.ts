import assert from "node:assert/strict";
import { pipelineCheck, stageFindings } from "../../../operations/doctor/checks/pipeline";
import { aContext, aTarget, awsError, diagnose, now, told } from "./support";

const id = "01234567-89ab-cdef-0123-456789abcdef";

describe("the check of the pipeline", () => {
  const target = aTarget({
    "gantry:pipeline": { source: { type: "codecommit", repository: "shop" } },
  });
  const found = (answer: unknown) =>
    diagnose(
      pipelineCheck,
      aContext({ target, answers: { codepipeline: { GetPipelineState: answer } } }),
    );
  const stage = (given: object) =>
    stageFindings(target, { stageName: "Deploy", ...given }, now).map(
      ({ severity, what }) => `${severity}: ${what}`,
    );
  const execution = (status: "Failed" | "InProgress" | "Succeeded") => ({
    ...{ pipelineExecutionId: id, status },
  });

  it("is well where every stage is open", async () => {
    const open = { stageName: "Source", inboundTransitionState: { enabled: true } };
    const result = await found({ stageStates: [open] });
    assert.deepEqual([result.well, told(result)], ["1 stage, all open, and none failed last", []]);
    assert.equal((await diagnose(pipelineCheck, aContext())).well, "none is configured");
  });

  it("finds that there is none", async () => {
    const result = await found(awsError("PipelineNotFoundException"));
    assert.match(told(result).join(), /^error pipeline: there is no pipeline shop--staging/);
  });

  it("finds a transition that somebody has disabled, with who, when and why", () => {
    const lastChangedAt = new Date("2026-11-28T12:00:00Z");
    const closed = { enabled: false, disabledReason: "sale", lastChangedBy: "ann", lastChangedAt };
    assert.deepEqual(stage({ inboundTransitionState: closed }), [
      "warning: nothing gets into it: its transition was disabled by ann, 48 h ago: sale",
    ]);
  });

  it("finds what failed last, with the command that retries it", () => {
    const errorDetails = { message: "exit status 1" };
    const actionStates = [
      { actionName: "Deploy", latestExecution: { status: "Failed" as const, errorDetails } },
    ];
    const given = { stageName: "Deploy", latestExecution: execution("Failed"), actionStates };
    const [finding] = stageFindings(target, given, now);
    assert.equal(finding.what, "it failed last at Deploy (exit status 1)");
    assert.equal(finding.command, `gantry retry --stack staging ${id}`);
  });

  it("tells of an approval that waits, and warns after a day; an action at work is none", () => {
    const waiting = (at: string, token?: string) => ({
      latestExecution: execution("InProgress"),
      actionStates: [
        {
          actionName: "Approve",
          latestExecution: { status: "InProgress" as const, token, lastStatusChange: new Date(at) },
        },
      ],
    });
    assert.match(
      stage(waiting("2026-11-30T11:00:00Z", "t")).join(),
      /^note: Approve waits .*60 min ago/,
    );
    assert.match(stage(waiting("2026-11-28T11:00:00Z", "t")).join(), /^warning: Approve waits/);
    assert.deepEqual(stage(waiting("2026-11-28T11:00:00Z")), []);
  });
});
