import assert from "node:assert/strict";
import type { Approvals } from "../../../rehearsal/runner/approvals";
import { readPipeline, type Pipeline } from "../../../rehearsal/runner/pipelines";
import { queueOf } from "../../../rehearsal/runner/queue";
import { rehearse, startByCommit } from "../../../rehearsal/runner/rehearse";
import { commit, type SourceRepository } from "../../../rehearsal/runner/repository";
import type { BuildHost } from "../../../rehearsal/runner/buildHost";
import { bashHost } from "../../../rehearsal/runner/buildHost/bash";
import type { PipelineRun } from "../../../rehearsal/runner/run";
import { Runner } from "../../../rehearsal/runner/runner";
import {
  Account,
  actionOf,
  approvalAction,
  buildAction,
  command,
  rehearsalOptions,
  repositoryWith,
  sourceStage,
} from "./support";

describe("executions of a pipeline", function () {
  this.timeout(120_000);
  let account: Account;
  let source: SourceRepository;

  before(async () => {
    account = await Account.start();
    source = await repositoryWith(account.folders, { name: "first" });
  });

  after(() => account.stop());

  const options = () => rehearsalOptions(account, source);

  /** An execution that is approved as the test says. */
  async function approved(
    pipeline: Pipeline,
    approvals: Approvals,
    onProgress?: (run: PipelineRun) => Promise<void>,
  ): Promise<PipelineRun> {
    const { connection, emulator, folders } = account;
    return new Runner({
      ...{
        connection,
        pipeline,
        approvals,
        onProgress,
        repository: source,
        folder: folders.make(),
      },
      trigger: "test",
      queue: queueOf(emulator, pipeline),
      adjust: () =>
        Promise.resolve({
          env: {},
          overrides: {},
          simulated: [],
          reached: [],
        }),
      host: bashHost(),
      log: () => undefined,
    }).run();
  }

  describe("at once", () => {
    it("queue up: each stage has one at a time, and the newest is deployed last (row 22)", async () => {
      await account.project("queued", command("cat name"));
      const build = { name: "Build", actions: [buildAction("Build", "queued")] };
      const deploy = { name: "Deploy", actions: [buildAction("Deploy", "queued")] };
      await account.pipeline([sourceStage, build, deploy], "shop-queued");
      const names = ["first", "second", "third"];
      const runs: Promise<PipelineRun>[] = [];
      for (const name of names) {
        const { id } = await commit(source, `feat: ${name}`, { name });
        runs.push(rehearse(options(), "shop-queued", { revisions: { Source: id } }));
      }
      const done = await Promise.all(runs);
      assert.deepEqual(
        done.map((run) => [run.status, actionOf(run, "Deploy").tail.at(-1)]),
        names.map((name) => ["Succeeded", name]),
      );
      for (const stage of ["Source", "Build", "Deploy"]) {
        const spans = done.map((run) => {
          const { startedAt, seconds } = actionOf(run, stage);
          return { from: Date.parse(startedAt), to: Date.parse(startedAt) + seconds * 1000 };
        });
        for (const [index, { from }] of spans.entries()) {
          // Seconds are rounded to tenths.
          if (index > 0) assert.ok(from >= spans[index - 1].to - 60, `${stage} ${index}`);
        }
      }
    });

    it("are of the commit that started them, whatever came since", async () => {
      const { id } = await commit(source, "feat: mine", { name: "mine" });
      await account.project("followed", command("cat name"));
      const connectionArn = await account.codeConnection();
      await account.emulator.control("connections", { arn: connectionArn, status: "AVAILABLE" });
      const [action] = sourceStage.actions ?? [];
      const github = {
        ...action,
        actionTypeId: {
          ...({ category: "Source", owner: "AWS", version: "1" } as const),
          provider: "CodeStarSourceConnection",
        },
        configuration: {
          ConnectionArn: connectionArn,
          FullRepositoryId: "acme/shop",
          BranchName: "main",
        },
      };
      const build = { name: "Build", actions: [buildAction("Build", "followed")] };
      await account.pipeline([{ name: "Source", actions: [github] }, build], "shop-followed");
      const start = await startByCommit(options(), "shop-followed");
      assert.deepEqual(start?.revisions, { Source: id });
      await commit(source, "feat: another", { name: "another" });
      const run = await rehearse(options(), "shop-followed", start);
      assert.equal(run.commit, id);
      assert.equal(actionOf(run, "Build").tail.at(-1), "mine");
    });

    it("wait while one is not approved, and go on when its time is over (row 15)", async () => {
      const approve = { ...approvalAction({ CustomData: "Please" }), timeoutInMinutes: 5 };
      const stages = [sourceStage, { name: "Approve", actions: [approve] }];
      await account.pipeline(stages, "shop-approved");
      const read = await readPipeline(account.connection, "shop-approved");
      assert.equal(read.stages[1].actions[0].timeoutMinutes, 5, "as it was deployed");
      const soon = read.stages.map((stage) => ({
        ...stage,
        actions: stage.actions.map((one) => ({
          ...one,
          timeoutMinutes: one.timeoutMinutes && 0.01,
        })),
      }));
      const order: string[] = [];
      const first = approved(
        { ...read, stages: soon },
        {
          decide: (_question, signal) =>
            new Promise((resolve) => {
              order.push("first is asked");
              signal.addEventListener("abort", () => {
                order.push("first is over");
                resolve({ result: "timedOut" });
              });
            }),
        },
      );
      const second = approved(read, {
        decide: () => {
          order.push("second is asked");
          return Promise.resolve({ result: "granted" });
        },
      });
      assert.match(
        actionOf(await first, "Approve").error ?? "",
        /nobody approved within 0\.01 min/,
      );
      assert.equal((await second).status, "Succeeded");
      assert.deepEqual(order, ["first is asked", "first is over", "second is asked"]);
    });
  });

  it("leave their stage also when the rehearsal itself breaks off", async () => {
    await account.pipeline([sourceStage, { ...sourceStage, name: "Again" }], "shop-broken");
    const pipeline = await readPipeline(account.connection, "shop-broken");
    const approvals: Approvals = { decide: () => Promise.resolve({ result: "granted" }) };
    const broken = approved(pipeline, approvals, (run) =>
      run.stages.length > 0 ? Promise.reject(new Error("the emulator ended")) : Promise.resolve(),
    );
    await assert.rejects(broken, /the emulator ended/);
    assert.equal((await approved(pipeline, approvals)).status, "Succeeded");
  });

  it("end a build that hangs by its project's time-out, and the next one runs (row 34)", async () => {
    const { id: good } = await commit(source, "feat: go on", {});
    const { id: hangs } = await commit(source, "feat: hang", { hangs: "" });
    await account.project("hangs", command("test ! -e hangs || sleep 600"), {
      timeoutInMinutes: 5,
    });
    // AWS has 5 minutes at least: here they pass in 0.6 seconds.
    const bash = bashHost();
    const host: BuildHost = {
      ...bash,
      run: (build) => bash.run({ ...build, timeoutSeconds: build.timeoutSeconds / 500 }),
    };
    const build = { name: "Build", actions: [buildAction("Build", "hangs")] };
    await account.pipeline([sourceStage, build], "shop-hangs");
    const runOf = (id: string) =>
      rehearse({ ...options(), host }, "shop-hangs", { revisions: { Source: id } });
    const run = await runOf(hangs);
    assert.equal(run.status, "Failed");
    assert.match(
      actionOf(run, "Build").error ?? "",
      /longer than its 0\.6 s \(time-out of the project\)/,
    );
    assert.equal((await runOf(good)).status, "Succeeded");
  });
});
