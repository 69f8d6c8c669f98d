import assert from "node:assert/strict";
import {
  answer,
  waitingApprovals,
  whoIsAsked,
  type Waiting,
} from "../../../operations/pipeline/approval";
import { executionMeant, pipelineOf } from "../../../operations/pipeline/pipeline";
import { awsError } from "../../delivery/support/fakeEcr";
import { targetOf } from "../../emulator/delivery/support";
import { fakePipeline } from "./fakePipeline";

const waiting: Waiting = {
  ...{ stage: "Approve", action: "Approve", token: "t-1", execution: "e-1" },
  release: "3f9c2a1b-17",
};

describe("an answer to an approval", () => {
  const given = async (failure?: Error, reason?: string) => {
    const pipeline = fakePipeline({ PutApprovalResult: failure ?? {} });
    await answer(pipeline, waiting, { answer: "Approved", by: "ada@acme", reason });
    return pipeline.calls;
  };

  it("is for the very question that was shown, and says who gave it", async () => {
    assert.deepEqual(await given(), [
      [
        "PutApprovalResult",
        {
          ...{ pipelineName: "shop--production", stageName: "Approve", actionName: "Approve" },
          token: "t-1",
          result: { status: "Approved", summary: "approved by ada@acme" },
        },
      ],
    ]);
  });

  it("is as long as CodePipeline takes, with who gave it, whatever they have to say", async () => {
    const [[, input]] = await given(undefined, "x".repeat(600));
    const { summary } = (input as { result: { summary: string } }).result;
    assert.equal(summary.length, 512);
    assert.match(summary, /^approved by ada@acme: x+\.\.\.$/);
  });

  const refusals: readonly [string, RegExp][] = [
    [
      "InvalidApprovalTokenException",
      /3f9c2a1b-17 was not approved: it is not asked about any more/,
    ],
    ["ApprovalAlreadyCompletedException", /somebody has answered for 3f9c2a1b-17 meanwhile/],
    ["PipelineNotFoundException", /AWS has no shop--production: make it with pulumi up/],
    ["AccessDeniedException", /^AccessDeniedException$/],
  ];
  for (const [name, pattern] of refusals) {
    it(`that is refused with ${name} says what that means`, async () => {
      await assert.rejects(given(awsError(name)), { message: pattern });
    });
  }
});

describe("what waits for an approval", () => {
  it("is told without evidence, too", async () => {
    const startTime = new Date("2026-11-30T12:00:00Z");
    const pipeline = fakePipeline({
      GetPipelineState: {
        stageStates: [
          { stageName: "Plan", actionStates: [{ actionName: "Plan" }] },
          {
            stageName: "Approve",
            latestExecution: { pipelineExecutionId: "e-1", status: "InProgress" },
            actionStates: [
              { actionName: "Approve", latestExecution: { status: "InProgress", token: "t-1" } },
            ],
          },
        ],
      },
      ListActionExecutions: {
        actionExecutionDetails: [{ stageName: "Approve", actionName: "Approve", startTime }],
      },
    });
    const { release, ...unnamed } = waiting;
    assert.ok(release);
    assert.deepEqual(await waitingApprovals(pipeline), [
      { ...unnamed, since: startTime.toISOString() },
    ]);
  });

  it("reads every page of what an execution did", async () => {
    const exported = { outputVariables: { GANTRY_RELEASE_ID: "3f9c2a1b-17" } };
    const pipeline = fakePipeline({
      GetPipelineState: {
        stageStates: [
          {
            stageName: "Approve",
            actionStates: [
              { actionName: "Approve", latestExecution: { status: "InProgress", token: "t-1" } },
            ],
          },
        ],
      },
      ListActionExecutions: (input) =>
        "nextToken" in input && input.nextToken
          ? { actionExecutionDetails: [{ actionName: "Plan", output: exported }] }
          : { actionExecutionDetails: [{ actionName: "Approve" }], nextToken: "more" },
    });
    assert.equal((await waitingApprovals(pipeline))[0].release, "3f9c2a1b-17");
  });

  it("is asked of those whom config names for it, and of nobody that is known without them", () => {
    const config = { notify: { emails: ["ops@example.com"], kinds: ["waitsForApproval"] } };
    assert.equal(whoIsAsked(config as never), "ops@example.com");
    assert.equal(
      whoIsAsked({ notify: { ...config.notify, kinds: ["failed"] } } as never),
      undefined,
    );
    assert.equal(whoIsAsked({} as never), undefined);
  });
});

describe("an execution of the pipeline", () => {
  const pipeline = fakePipeline({});
  const executions = ["aaaa-1", "aabb-2"].map((pipelineExecutionId) => ({ pipelineExecutionId }));

  it("is known by the beginning of its id, where no other begins so", () => {
    assert.equal(executionMeant(pipeline, executions, "aab"), executions[1]);
    assert.throws(
      () => executionMeant(pipeline, executions, "aa"),
      /2 executions of .* begin with aa/,
    );
    assert.throws(() => executionMeant(pipeline, executions, "c"), /has no execution c among/);
    assert.throws(() => executionMeant(pipeline, [], "c"), /no execution c/);
  });

  it("is of an environment that has a pipeline", () => {
    assert.throws(
      () => pipelineOf(targetOf(), pipeline.codepipeline),
      /staging has no pipeline: gantry:pipeline is not in Pulumi\.staging\.yaml/,
    );
  });
});
