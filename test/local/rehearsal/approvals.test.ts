import assert from "node:assert/strict";
import { approvalsBy } from "../../../local/rehearsal/approvals";

describe("approvals", () => {
  const question = { pipeline: "shop-production", action: "Approve", message: "Release 1a2b" };
  const never = new AbortController().signal;

  it("are decided as chosen", async () => {
    const decide = (choice: "grant" | "reject" | "timeOut") =>
      approvalsBy(choice, () => undefined).decide(question, never);
    assert.equal(await decide("grant"), "granted");
    assert.equal(await decide("reject"), "rejected");
    assert.equal(await decide("timeOut"), "timedOut");
  });

  it("fails when they are asked for and there is no terminal", async () => {
    await assert.rejects(
      approvalsBy("ask", () => undefined, false).decide(question, never),
      /Approve asks at the terminal and there is none/,
    );
  });
});
