import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import {
  CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
} from "@aws-sdk/client-codepipeline";
import { supersedeWaiting } from "../../../delivery/pipelineExecution";
import type { Approvals } from "../../../rehearsal/runner/approvals";
import { bashHost } from "../../../rehearsal/runner/buildHost/bash";
import { readPipeline } from "../../../rehearsal/runner/pipelines";
import { queueOf } from "../../../rehearsal/runner/queue";
import { recordExecution } from "../../../rehearsal/runner/record";
import { Runner } from "../../../rehearsal/runner/runner";
import { untilStopped } from "../../../rehearsal/runner/stopped";
import type { SourceRepository } from "../../../rehearsal/runner/repository";
import {
  Account,
  actionOf,
  approvalAction,
  buildAction,
  command,
  repositoryWith,
  sourceStage,
} from "./support";

const name = "shop-superseding";

describe("two releases that wait for approval", function () {
  this.timeout(120_000);
  let account: Account;
  let source: SourceRepository;
  let asked: string[];

  before(async () => {
    account = await Account.start();
    source = await repositoryWith(account.folders, { name: "first" });
    await account.project("plan", command("true"));
    await account.project("deploy", command("true"));
    await account.pipeline(
      [
        sourceStage,
        { name: "Plan", actions: [buildAction("Plan", "plan")] },
        { name: "Approve", actions: [approvalAction({ CustomData: "Please" })] },
        { name: "Deploy", actions: [buildAction("Deploy", "deploy")] },
      ],
      name,
    );
  });

  after(() => account.stop());

  beforeEach(() => (asked = []));

  /** Approvals that nobody decides, unless the test says so. */
  const waiting = (who: string, decision?: "granted"): Approvals => ({
    decide: (_question, signal) => {
      asked.push(who);
      if (decision) return Promise.resolve({ result: decision });
      return new Promise((resolve) =>
        signal.addEventListener("abort", () => resolve({ result: "timedOut" })),
      );
    },
  });

  async function start(approvals: Approvals) {
    const { connection, emulator, folders } = account;
    const pipeline = await readPipeline(connection, name);
    const runner = new Runner({
      ...{ connection, pipeline, approvals, repository: source, folder: folders.make() },
      trigger: "test",
      queue: queueOf(emulator, pipeline),
      adjust: () =>
        Promise.resolve({
          ...{ env: {}, overrides: {}, simulated: [], reached: [] },
          release: () => Promise.resolve(),
        }),
      host: bashHost(),
      log: () => undefined,
      onProgress: (run, place) => recordExecution(connection, run, "InProgress", place),
      untilStopped: (id, ended) => untilStopped(connection, name, id, ended),
    });
    const done = runner.run().then(async (run) => {
      await recordExecution(connection, run, run.status);
      return run;
    });
    return { id: runner.executionId, done };
  }

  async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    for (let look = 0; look < 200; look++) {
      if (await condition()) return;
      await pause(100);
    }
    assert.fail(`not within 20 s: ${what}`);
  }

  const codepipeline = () => new CodePipelineClient(account.connection.root);
  const statusOf = async (pipelineExecutionId: string) => {
    const { pipelineExecution } = await codepipeline().send(
      new GetPipelineExecutionCommand({ pipelineName: name, pipelineExecutionId }),
    );
    return pipelineExecution;
  };
  const supersede = (id: string) =>
    supersedeWaiting({ codepipeline: codepipeline(), pipeline: name, id }, "4a0d3b2c-18", () => {});

  it("the newer one's plan stops the older, which is never deployed, and is asked for at once", async () => {
    const older = await start(waiting("older"));
    await until("the older is asked", () => asked.length === 1);
    const between = await start(waiting("between"));
    await until("the next waits behind it", async () => {
      const { stageStates = [] } = await codepipeline().send(new GetPipelineStateCommand({ name }));
      const approve = stageStates.find(({ stageName }) => stageName === "Approve");
      return approve?.inboundExecution?.pipelineExecutionId === between.id;
    });

    const newer = await start(waiting("newer", "granted"));
    assert.deepEqual(await supersede(newer.id), [between.id, older.id]);
    for (const { id, done } of [older, between]) {
      const run = await done;
      assert.equal(run.status, "Stopped");
      assert.equal(actionOf(run, "Approve").status, "Abandoned");
      assert.equal(actionOf(run, "Deploy").status, "Abandoned");
      const { status, statusSummary } = (await statusOf(id)) ?? {};
      assert.deepEqual([status, statusSummary], ["Stopped", "superseded by release 4a0d3b2c-18"]);
    }
    assert.equal((await newer.done).status, "Succeeded");
    assert.deepEqual(asked, ["older", "newer"], "nobody was asked for what had no chance");
  });

  it("an execution that deploys is left alone", async () => {
    const older = await start(waiting("older", "granted"));
    const run = await older.done;
    assert.equal(run.status, "Succeeded");
    assert.deepEqual(await supersede("another"), []);
    assert.equal((await statusOf(older.id))?.status, "Succeeded");
  });
});
