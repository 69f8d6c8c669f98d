import assert from "node:assert/strict";
import {
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
  StopPipelineExecutionCommand,
  type StageState,
} from "@aws-sdk/client-codepipeline";
import {
  isAsked,
  isConcluding,
  isUnapproved,
  refusalOf,
  refuseStopped,
  stopSuperseded,
  supersedeWaiting,
  type PipelineExecution,
} from "../../delivery/pipelineExecution";
import { awsError } from "./support/fakeEcr";

const execution = (id: string, status: "InProgress" | "Stopped" | "Succeeded" = "InProgress") => ({
  pipelineExecutionId: id,
  status,
});

describe("the execution of a pipeline", () => {
  let stageStates: StageState[];
  let stopped: object[];
  let failures: Map<string, Error>;
  let notes: string[];
  let status: string;
  let requests: string[];
  let actionExecutionDetails: object[];
  let asked: object[];

  beforeEach(() => {
    stageStates = [];
    stopped = [];
    failures = new Map();
    notes = [];
    status = "InProgress";
    requests = [];
    actionExecutionDetails = [];
    asked = [];
  });

  const own: PipelineExecution = {
    pipeline: "shop--production",
    id: "e-3",
    codepipeline: { send: (command: unknown) => answer(command) } as never,
  };

  function answer(command: unknown): Promise<object> {
    requests.push((command as object).constructor.name);
    if (command instanceof GetPipelineStateCommand) {
      assert.deepEqual(command.input, { name: "shop--production" });
      const failure = failures.get("state");
      return failure ? Promise.reject(failure) : Promise.resolve({ stageStates });
    }
    if (command instanceof ListActionExecutionsCommand) {
      asked.push(command.input);
      const failure = failures.get("actions");
      return failure ? Promise.reject(failure) : Promise.resolve({ actionExecutionDetails });
    }
    if (command instanceof GetPipelineExecutionCommand) {
      return Promise.resolve({
        pipelineExecution: { status, statusSummary: "superseded by release 4a0d3b2c-18" },
      });
    }
    assert.ok(command instanceof StopPipelineExecutionCommand);
    const failure = failures.get(command.input.pipelineExecutionId ?? "");
    if (failure) return Promise.reject(failure);
    stopped.push(command.input);
    return Promise.resolve({});
  }

  const supersede = () => supersedeWaiting(own, "3f9c2a1b-17", (line) => notes.push(line));

  it("stops what waits for an approval: first what would be asked next, last what is asked", async () => {
    stageStates = [
      { stageName: "Plan", latestExecution: execution("e-3") },
      {
        stageName: "Approve",
        latestExecution: execution("e-0"),
        inboundExecutions: [execution("e-1"), execution("e-2")],
      },
      { stageName: "Deploy", latestExecution: execution("e-x") },
    ];
    assert.deepEqual(await supersede(), ["e-1", "e-2", "e-0"]);
    assert.deepEqual(stopped[0], {
      pipelineName: "shop--production",
      pipelineExecutionId: "e-1",
      abandon: true,
      reason: "superseded by release 3f9c2a1b-17",
    });
    assert.match(notes[0], /stopped execution e-1, which waited .*3f9c2a1b-17 supersedes it/);
  });

  it("takes the one that waits before the stage from where older answers name it", async () => {
    stageStates = [{ stageName: "Approve", inboundExecution: execution("e-1") }];
    assert.deepEqual(await supersede(), ["e-1"]);
  });

  it("stops neither itself, nor what has ended, nor what was approved and is deployed", async () => {
    stageStates = [
      { stageName: "Approve", latestExecution: execution("e-0", "Succeeded") },
      { stageName: "Deploy", latestExecution: execution("e-0") },
    ];
    assert.deepEqual(await supersede(), []);
    stageStates = [{ stageName: "Approve", latestExecution: execution("e-3") }];
    assert.deepEqual(await supersede(), []);
    stageStates = [{ stageName: "Deploy", latestExecution: execution("e-0") }];
    assert.deepEqual(await supersede(), []);
    assert.deepEqual(stopped, []);
  });

  it("goes on past one that has ended in the meantime", async () => {
    failures.set("e-1", awsError("PipelineExecutionNotStoppableException"));
    failures.set("e-2", awsError("DuplicatedStopRequestException"));
    stageStates = [
      {
        stageName: "Approve",
        latestExecution: execution("e-0"),
        inboundExecutions: [execution("e-1"), execution("e-2")],
      },
    ];
    assert.deepEqual(await supersede(), ["e-0"]);
  });

  it("only says so where it may not: the newer one waits, and nothing wrong is deployed", async () => {
    failures.set("state", awsError("AccessDeniedException", "not allowed"));
    assert.deepEqual(await supersede(), []);
    assert.match(notes.join(), /cannot be stopped: not allowed/);
  });

  describe("that was verified", () => {
    const refused = (details: object, said?: string) => {
      const output = said ? { executionResult: { externalExecutionSummary: said } } : undefined;
      const approve = { stageName: "Confirm", actionName: "Approve", status: "Failed", output };
      actionExecutionDetails = [
        { stageName: "Deploy", actionName: "Verify", status: "Succeeded" },
        { ...approve, ...details },
      ];
      return refusalOf(own);
    };

    it("was refused where its approval failed, with who and why as far as CodePipeline tells", async () => {
      const updatedBy = "arn:aws:iam::123456789012:user/ada";
      assert.equal(await refused({ updatedBy }, "wrong price"), `wrong price (${updatedBy})`);
      assert.equal(await refused({}), "it was rejected, or nobody answered in time");
      assert.deepEqual(asked.at(-1), {
        pipelineName: "shop--production",
        filter: { pipelineExecutionId: "e-3" },
      });
    });

    it("is asked about while its approval waits, and not while another's does", async () => {
      const state = (id: string, status: "InProgress" | "Failed") => [
        {
          stageName: "Confirm",
          latestExecution: execution(id),
          actionStates: [{ actionName: "Approve", latestExecution: { status } }],
        },
      ];
      stageStates = state("e-3", "InProgress");
      assert.equal(await isAsked(own), true);
      failures.set("state", awsError("AccessDeniedException", "not allowed"));
      assert.equal(await isAsked(own), false, "not known");
      failures.clear();
      for (const other of [state("e-4", "InProgress"), state("e-3", "Failed"), []]) {
        stageStates = other;
        assert.equal(await isAsked(own), false);
      }
    });

    it("gives way to a newer one unless people have approved it, or nobody can be asked", async () => {
      const waits = (actions: object[]) => {
        actionExecutionDetails = actions;
        return isUnapproved(own, "e-1", (line) => notes.push(line));
      };
      const verify = { stageName: "Deploy", actionName: "Verify", status: "Succeeded" };
      const approve = { stageName: "Confirm", actionName: "Approve", status: "InProgress" };
      assert.equal(await waits([verify]), true, "not asked yet");
      assert.equal(await waits([verify, approve]), true);
      assert.equal(await waits([{ ...approve, status: "Failed" }]), true, "refused");
      assert.deepEqual(asked.at(-1), {
        pipelineName: "shop--production",
        filter: { pipelineExecutionId: "e-1" },
      });
      assert.equal(await waits([{ ...approve, status: "Succeeded" }, verify]), false);
      assert.equal(await waits([]), false, "none of its pipeline's");
      failures.set("actions", awsError("PipelineExecutionNotFoundException", "no e-1"));
      assert.equal(await waits([verify]), false);
      assert.match(notes.at(-1) ?? "", /whether e-1 waits .* cannot be found out: no e-1/);
    });

    it("is about to end where people have approved it, or something works on it after that", async () => {
      const ends = (...actions: object[]) => {
        actionExecutionDetails = actions;
        return isConcluding(own, "e-1");
      };
      const deploy = { stageName: "Deploy", actionName: "Deploy", status: "InProgress" };
      const confirm = { stageName: "Confirm", actionName: "Confirm", status: "Succeeded" };
      const approve = { stageName: "Confirm", actionName: "Approve", status: "Succeeded" };
      const conclude = { stageName: "Conclude", actionName: "Conclude", status: "InProgress" };
      assert.equal(await ends(approve, confirm), true, "approved a moment ago");
      assert.equal(await ends(conclude, approve, confirm), true);
      const takesBack = { ...confirm, status: "InProgress" };
      assert.equal(await ends(takesBack, { ...approve, status: "Failed" }), true, "refused");
      assert.equal(await ends({ ...approve, status: "InProgress" }, confirm), false, "asked");
      const cutOff = { ...conclude, status: "Failed" };
      assert.equal(await ends(cutOff, approve, confirm), false);
      assert.equal(await ends(conclude, cutOff, approve, confirm), true, "retried");
      assert.equal(await ends(deploy), false);
      assert.equal(await ends(), false);
      failures.set("actions", awsError("AccessDenied"));
      assert.equal(await ends(conclude), false);
    });

    it("is stopped once a newer one has its place, and is only named where that cannot be done", async () => {
      const end = () => stopSuperseded(own, "e-1", "3f9c2a1b-17", (line) => notes.push(line));
      await end();
      assert.deepEqual(stopped, [
        {
          ...{ pipelineName: "shop--production", pipelineExecutionId: "e-1", abandon: true },
          reason: "superseded by release 3f9c2a1b-17",
        },
      ]);
      failures.set("e-1", awsError("PipelineExecutionNotStoppableException"));
      const { length } = notes;
      await end();
      assert.equal(notes.length, length, "it has ended");
      failures.set("e-1", awsError("AccessDeniedException", "not allowed"));
      await end();
      assert.match(
        notes.at(-1) ?? "",
        /e-1 cannot be stopped, and must not be approved: not allowed/,
      );
    });

    it("was not where it was approved, or nobody was asked, or something else failed", async () => {
      for (const other of [
        { status: "Succeeded" },
        { status: "InProgress" },
        { actionName: "Confirm" },
        { stageName: "Approve" },
      ]) {
        assert.equal(await refused(other), undefined);
      }
    });
  });

  it("deploys nothing once it was stopped itself", async () => {
    await refuseStopped(own, "3f9c2a1b-17");
    for (const over of ["Stopped", "Stopping"]) {
      status = over;
      await assert.rejects(
        refuseStopped(own, "3f9c2a1b-17"),
        /execution e-3 was stopped \(superseded by release 4a0d3b2c-18\)\. Nothing was changed/,
      );
    }
  });
});
