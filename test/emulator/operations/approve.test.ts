import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { exportedVariables } from "../../../contract/variables";
import { approvalEntries } from "../../../delivery/audit/approvals";
import { approvalsBy } from "../../../rehearsal/runner/approvals";
import { connectionTo } from "../../../rehearsal/runner/connection";
import { openApproval } from "../../../rehearsal/runner/openApproval";
import type { DeliveryBench } from "../delivery/support";
import { usePipeline, type PipelineBench } from "./pipelineBench";

const [first, second] = ["1", "2"].map((digit) => `${digit}0000000-0000-4000-8000-000000000000`);

describe("gantry approve and gantry reject on the emulator", () => {
  let bench: DeliveryBench;
  let shop: PipelineBench;

  usePipeline((...made) => ([bench, shop] = made));

  const planned = (release: string) => ({
    ...{ stageName: "Plan", actionName: "Plan", status: "Succeeded" },
    startTime: 1_764_500_000,
    output: {
      outputVariables: {
        [exportedVariables.releaseId]: release,
        [exportedVariables.summary]:
          `Release ${release} for production, which runs 1a2b3c4d-15. Commits: 1a2b3c4d..3f9c2a1b. ` +
          "Images: web 1a2b3c4d to 3f9c2a1b. Dangerous in config: services.web.exec (an open door).",
        [exportedVariables.link]: "https://github.com/acme/shop/compare/1a2b3c4d...3f9c2a1b",
      },
    },
  });

  const answers = async () => {
    const path = "pipeline-approvals?pipeline=shop--production";
    const { approvals } = await bench.emulator.control<{
      approvals: { result?: { status: string; summary: string } }[];
    }>(path);
    return approvals.map(({ result }) => result);
  };

  it("says that nothing waits, and what runs", async () => {
    const idle = await shop.run("approve", "--yes");
    assert.deepEqual([idle.code, idle.stdout], [1, ""]);
    assert.match(idle.stderr, /nothing waits for an approval in shop--production/);
    assert.match(idle.stderr, /it has not run yet/);
    await shop.execution(first, { stage: "Deploy" });
    const busy = await shop.run("reject", "--yes");
    assert.match(busy.stderr, new RegExp(`execution ${first}: runs, in the stage Deploy`));
  });

  it("shows the evidence line by line, asks, and approves under a person's name", async () => {
    await shop.execution(first, { stage: "Approve", actions: [planned("3f9c2a1b-17")] });
    await shop.ask("Approve");
    const alone = await shop.run("approve");
    assert.equal(alone.code, 1);
    assert.match(alone.stderr, /3f9c2a1b-17 waits for an approval on production, in the stage/);
    assert.match(alone.stderr, /^Asked: ops@example\.com$/m);
    assert.match(alone.stderr, /^ {2}Commits: 1a2b3c4d\.\.3f9c2a1b\.$/m);
    assert.match(alone.stderr, /^ {2}Dangerous in config: services\.web\.exec/m);
    assert.match(alone.stderr, /compare\/1a2b3c4d\.\.\.3f9c2a1b/);
    assert.match(alone.stderr, /nobody is here to be asked: give --yes/);
    assert.deepEqual(await answers(), [undefined]);

    const { code, stdout } = await shop.run("approve", "--yes", "--reason", "looks good");
    assert.equal(code, 0);
    assert.match(stdout, /^approved: 3f9c2a1b-17, in the stage Approve of production, at /);
    const [given] = await answers();
    assert.equal(given?.status, "Approved");
    assert.match(given.summary, /^approved by \S+@\S+: looks good$/);
  });

  it("answers for no other release than the one that is meant", async () => {
    await shop.execution(first, { stage: "Confirm", actions: [planned("3f9c2a1b-17")] });
    await shop.ask("Confirm");
    const other = await shop.run("reject", "--yes", "99aabbcc-16");
    assert.equal(other.code, 1);
    assert.match(other.stderr, /99aabbcc-16 does not wait[^]*3f9c2a1b-17 {2}in Confirm/);
    assert.deepEqual(await answers(), [undefined]);
    const { code, stderr } = await shop.run("reject", "--yes", "3f9c2a1b-17");
    assert.equal(code, 0);
    assert.match(stderr, /Reject: 3f9c2a1b-17 is taken back/);
    assert.equal((await answers())[0]?.status, "Rejected");
  });

  it("answers what a rehearsal asks at its terminal, which then asks no more; and not what is over", async () => {
    await shop.execution(second, { stage: "Approve", actions: [planned("3f9c2a1b-17")] });
    const connection = connectionTo(bench.emulator);
    const place = { pipeline: "shop--production", stage: "Approve", action: "Approve" };
    const asks = (signal: AbortSignal, typed = "") => {
      const input = new PassThrough();
      input.write(typed);
      let tell: () => void;
      const told = new Promise<void>((resolve) => (tell = resolve));
      const terminal = { input, output: new PassThrough() };
      const question = {
        ...{ ...place, message: "Release 3f9c2a1b-17", endpoint: bench.emulator.url },
        open: () => openApproval(connection, place),
      };
      const decision = approvalsBy("ask", () => tell(), terminal).decide(question, signal);
      return { told, decision };
    };
    const never = new AbortController().signal;

    const first = asks(never);
    await first.told;
    assert.equal((await shop.run("reject", "--yes", "--reason", "not reviewed")).code, 0);
    const { result, summary } = await first.decision;
    assert.equal(result, "rejected");
    assert.match(summary ?? "", /^rejected by \S+@\S+: not reviewed$/);

    assert.deepEqual(await asks(never, "y\n").decision, { result: "granted" });
    assert.match((await shop.run("approve", "--yes")).stderr, /nothing waits for an approval/);

    const over = new AbortController();
    const late = asks(over.signal);
    await late.told;
    over.abort();
    assert.deepEqual(await late.decision, { result: "timedOut" });
    assert.match((await shop.run("approve", "--yes")).stderr, /nothing waits for an approval/);
  });

  it("is told of by gantry audit, with who did it", async () => {
    await shop.execution(first, { stage: "Approve", actions: [planned("3f9c2a1b-17")] });
    await shop.execution(second, {
      status: "Failed",
      actions: [
        {
          ...{ stageName: "Approve", actionName: "Approve", status: "Failed" },
          ...{ startTime: Date.now() / 1000, lastUpdateTime: Date.now() / 1000 },
          updatedBy: "arn:aws:iam::123456789012:user/ada",
          output: {
            executionResult: { externalExecutionSummary: "rejected by ada@acme: not reviewed" },
          },
        },
      ],
    });
    const period = { since: new Date(Date.now() - 3_600_000), until: new Date() };
    const entries = await approvalEntries(bench.clients.codepipeline, "shop--production", period);
    assert.deepEqual(
      entries.map(({ what, who, detail }) => ({ what, who, detail })),
      [
        {
          what: "Approve/Approve: rejected, or not answered in time",
          who: "arn:aws:iam::123456789012:user/ada",
          detail: "rejected by ada@acme: not reviewed",
        },
      ],
    );
  });
});
