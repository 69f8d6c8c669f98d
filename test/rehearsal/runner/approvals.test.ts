import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { approvalsBy } from "../../../rehearsal/runner/approvals";

describe("approvals", () => {
  const question = {
    pipeline: "shop-production",
    action: "Approve",
    message: "Release 3f9c2a1b-17",
    link: "https://example.com/evidence",
  };
  const never = new AbortController().signal;
  const said: string[] = [];
  const log = (line: string) => said.push(line);

  beforeEach(() => (said.length = 0));

  it("are decided as chosen", async () => {
    const decide = (choice: "grant" | "reject" | "timeOut") =>
      approvalsBy(choice, log).decide(question, never);
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
        assert.equal(await ask(never, answer), wanted));
    }

    it("time out when nobody answers", async () => {
      const over = new AbortController();
      const decision = ask(over.signal);
      over.abort();
      assert.equal(await decision, "timedOut");
    });
  });
});
