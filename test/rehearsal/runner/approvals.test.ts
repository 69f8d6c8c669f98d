import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { approvalsBy } from "../../../rehearsal/runner/approvals";
import type { ApprovalAnswer, OpenApproval } from "../../../rehearsal/runner/openApproval";

/** Of two answers the first counts, as in CodePipeline. */
class FakeApproval implements OpenApproval {
  readonly seen: string[] = [];
  private answer?: ApprovalAnswer;
  private tell: (answer: ApprovalAnswer | undefined) => void = () => undefined;

  put(answer: ApprovalAnswer): Promise<void> {
    this.answer ??= answer;
    this.tell(this.answer);
    return Promise.resolve();
  }

  answered(ended: AbortSignal): Promise<ApprovalAnswer | undefined> {
    return new Promise((resolve) => {
      this.tell = resolve;
      if (this.answer || ended.aborted) resolve(this.answer);
      ended.addEventListener("abort", () => resolve(undefined));
    });
  }

  expire(): Promise<void> {
    this.seen.push("expired");
    return Promise.resolve();
  }
}

describe("approvals", () => {
  const question = {
    pipeline: "shop-production",
    action: "Approve",
    message: "Release 3f9c2a1b-17",
    link: "https://example.com/evidence",
    endpoint: "http://127.0.0.1:40123",
    open: () => Promise.resolve(approval),
  };
  let approval: FakeApproval;
  const never = new AbortController().signal;
  const said: string[] = [];
  const log = (line: string) => said.push(line);

  beforeEach(() => {
    said.length = 0;
    approval = new FakeApproval();
  });

  it("are decided as chosen", async () => {
    const decide = async (choice: "grant" | "reject" | "timeOut") =>
      (await approvalsBy(choice, log).decide(question, never)).result;
    assert.equal(await decide("grant"), "granted");
    assert.equal(await decide("reject"), "rejected");
    assert.equal(await decide("timeOut"), "timedOut");
  });

  it("fails when they are asked for and there is no terminal", async () => {
    await assert.rejects(
      approvalsBy("ask", log, null).decide(question, never),
      /Approve asks at the terminal and there is none: choose to grant or reject/,
    );
  });

  describe("that are asked for", () => {
    function ask(signal: AbortSignal, answer?: string) {
      const input = new PassThrough();
      const decision = approvalsBy("ask", log, { input, output: new PassThrough() }).decide(
        question,
        signal,
      );
      if (answer !== undefined) input.write(`${answer}\n`);
      return decision;
    }

    it("show the evidence first", async () => {
      await ask(never, "y");
      assert.match(
        said.join("\n"),
        /shop-production waits for the approval Approve:\s+Release 3f9c2a1b-17\s+https:\/\/example/,
      );
    });

    const answers: [string, string][] = [
      ["y", "granted"],
      [" Yes ", "granted"],
      ["n", "rejected"],
      ["", "rejected"],
      ["yep, why not", "rejected"],
    ];
    for (const [answer, wanted] of answers) {
      it(`are ${wanted} by ${JSON.stringify(answer)}`, async () =>
        assert.deepEqual(await ask(never, answer), { result: wanted }));
    }

    it("time out when nobody answers", async () => {
      const over = new AbortController();
      const decision = ask(over.signal);
      over.abort();
      assert.deepEqual(await decision, { result: "timedOut" });
      assert.deepEqual(approval.seen, ["expired"]);
    });

    it("are answered from elsewhere, with what was said there, and the terminal asks no more", async () => {
      const decision = ask(never);
      await approval.put({ status: "Rejected", summary: "rejected by ada: not reviewed" });
      const wanted = { result: "rejected", summary: "rejected by ada: not reviewed" };
      assert.deepEqual(await decision, wanted);
      assert.match(
        said.join("\n"),
        /by gantry approve .* AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:40123/,
      );
      assert.deepEqual(approval.seen, []);
    });

    it("keep the first of two answers", async () => {
      await approval.put({ status: "Approved", summary: "approved by ada" });
      assert.deepEqual(await ask(never, "n"), { result: "granted", summary: "approved by ada" });
    });

    it("end where the terminal cannot be asked", async () => {
      const input = new PassThrough();
      const put = () => Promise.reject(new Error("the emulator ended"));
      const open = () => Promise.resolve(Object.assign(approval, { put }));
      const terminal = { input, output: new PassThrough() };
      const decision = approvalsBy("ask", log, terminal).decide({ ...question, open }, never);
      input.write("y\n");
      await assert.rejects(decision, /the emulator ended/);
    });
  });
});
