import assert from "node:assert/strict";
import type { PipelineExecution } from "@aws-sdk/client-codepipeline";
import { GetPipelineExecutionCommand } from "@aws-sdk/client-codepipeline";
import type { Release } from "../../../contract/manifest";
import { exportedVariables } from "../../../contract/variables";
import { Ledger } from "../../../delivery/ledger";
import { FakeClock, type DeliveryBench } from "../delivery/support";
import { usePipeline, type PipelineBench } from "./pipelineBench";

const [first, second] = ["1", "2"].map((digit) => `${digit}0000000-0000-4000-8000-000000000000`);

const release: Release = {
  ...{ id: "3f9c2a1b-17", commit: "3f9c2a1b".repeat(5), createdAt: "2026-11-30T12:00:00Z" },
  images: { web: { uri: "example.com/web", tag: "3f9c2a1b", digest: `sha256:${"a".repeat(64)}` } },
};

describe("gantry retry and gantry cancel on the emulator", () => {
  let bench: DeliveryBench;
  let shop: PipelineBench;

  usePipeline((...made) => ([bench, shop] = made));

  const planned = {
    ...{ stageName: "Plan", actionName: "Plan", status: "Succeeded", startTime: 1 },
    output: { outputVariables: { [exportedVariables.releaseId]: release.id } },
  };
  const ran = (stageName: string, actionName: string, status: string, why?: string) => ({
    ...{ stageName, actionName, status, startTime: 2, lastUpdateTime: Date.now() / 1000 },
    output: { executionResult: { externalExecutionSummary: why } },
  });

  const statusOf = async (pipelineExecutionId: string): Promise<PipelineExecution> => {
    const asked = { pipelineName: "shop--production", pipelineExecutionId };
    const answer = await bench.clients.codepipeline.send(new GetPipelineExecutionCommand(asked));
    return answer.pipelineExecution!;
  };

  /** What the execution deploys, as far as the ledger has it. */
  const deploying = async () => {
    const clock = new FakeClock();
    const ledger = new Ledger(
      bench.clients.dynamodb,
      "shop--production--deployments",
      clock,
      "production",
    );
    const beginning = { kind: "deploy", release, owner: first, actor: "pipeline" } as const;
    return { ledger, record: await ledger.begin(beginning, await ledger.recent()) };
  };

  it("says which action failed and why, and begins its stage again", async () => {
    await shop.execution(first, {
      ...{ status: "Failed", stage: "Deploy" },
      actions: [planned, ran("Deploy", "Deploy", "Failed", "Build terminated: PASSWORD=hunter2x")],
    });
    const alone = await shop.run("retry");
    assert.equal(alone.code, 1);
    assert.match(
      alone.stderr,
      new RegExp(`Execution ${first} of .*release 3f9c2a1b-17, failed in the stage Deploy:`),
    );
    assert.match(alone.stderr, /^ {2}Deploy at .*ago\): Build terminated/m);
    assert.doesNotMatch(alone.stderr, /hunter2x/);
    assert.equal((await statusOf(first)).status, "Failed");
    const { code, stdout } = await shop.run("retry", "--yes", first.slice(0, 8));
    assert.equal(code, 0);
    assert.equal(stdout, `tried again: the stage Deploy of execution ${first}\n`);
    assert.equal((await statusOf(first)).status, "InProgress");
  });

  it("retries nothing where nothing failed, and nothing that a newer one has overtaken", async () => {
    assert.match((await shop.run("retry", "--yes")).stderr, /has not run yet/);
    const failed = { status: "Failed", stage: "Deploy" };
    await shop.execution(first, { ...failed, actions: [ran("Deploy", "Deploy", "Failed")] });
    await shop.execution(second, { stage: "Deploy" });
    const running = await shop.run("retry", "--yes");
    assert.equal(running.code, 1);
    assert.match(running.stderr, new RegExp(`${second} of .* did not fail: it runs[^]*${first}`));
    const overtaken = await shop.run("retry", "--yes", first);
    assert.equal(overtaken.code, 1);
    assert.match(overtaken.stderr, /a newer one has come to where it ended/);
    assert.equal((await statusOf(first)).status, "Failed");
  });

  it("ends at once what waits for an approval, and can be retried", async () => {
    assert.match((await shop.run("cancel", "--yes")).stderr, /nothing runs in shop--production/);
    await shop.execution(first, { stage: "Approve", actions: [planned] });
    await shop.ask("Approve");
    const { code, stderr } = await shop.run("cancel", "--yes", "--reason", "the wrong branch");
    assert.equal(code, 0);
    assert.match(stderr, /is in the stage Approve\.\nIt ends at once, and deploys nothing\./);
    const { status, statusSummary } = await statusOf(first);
    assert.equal(status, "Stopped");
    assert.match(statusSummary ?? "", /^stopped by \S+: the wrong branch$/);
    const over = await shop.run("cancel", "--yes", first);
    assert.match(over.stderr, /has ended as Stopped/);
    await shop.execution(first, { actions: [planned, ran("Approve", "Approve", "Abandoned")] });
    const again = await shop.run("retry", "--yes");
    assert.match(
      again.stderr,
      /was stopped in the stage Approve: stopped by \S+: the wrong branch/,
    );
    assert.equal(again.code, 0);
  });

  it("waits for a deployment, and says what becomes of it and of its lock", async () => {
    const actions = [planned, ran("Deploy", "Deploy", "InProgress")];
    await shop.execution(first, { stage: "Deploy", actions });
    await deploying();
    const { code, stderr } = await shop.run("cancel", "--yes");
    assert.equal(code, 0);
    assert.match(stderr, /in the stage Deploy; Deploy runs\./);
    assert.match(stderr, /What runs is finished first/);
    assert.match(
      stderr,
      /deployment 1 \(inProgress\) is then neither verified nor concluded\. Its lock stays until its build/,
    );
    assert.equal((await statusOf(first)).status, "Stopping");
    const again = await shop.run("cancel", "--yes");
    assert.equal(again.code, 1);
    assert.match(again.stderr, /is being stopped already, and waits for what runs \(Deploy\)/);
    const abandoned = await shop.run("cancel", "--yes", "--abandon");
    assert.equal(abandoned.code, 0);
    assert.match(abandoned.stderr, /CodePipeline does not wait/);
    assert.equal((await statusOf(first)).status, "Stopped");
  });

  it("refuses to stop what was verified and waits for an approval: it is to be rejected", async () => {
    await shop.execution(first, { stage: "Confirm", actions: [planned] });
    await shop.ask("Confirm");
    const { ledger, record } = await deploying();
    await ledger.note(record, { event: "held", seconds: 60, services: ["web"] });
    const { code, stderr } = await shop.run("cancel", "--yes");
    assert.equal(code, 1);
    assert.match(stderr, /waits for an approval[^]*gantry reject --stack production/);
    assert.equal((await statusOf(first)).status, "InProgress");
    const { stderr: told } = await shop.run("cancel", "--yes", "--abandon");
    assert.match(told, /deployment 1 \(held\)[^]*Its lock stays until somebody takes it back/);
  });
});
