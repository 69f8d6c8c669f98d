import assert from "node:assert/strict";
import { agree } from "../../cli/agree";

describe("a command that changes something", () => {
  const asked: string[] = [];
  const answering = (answer: boolean) => (question: string) => {
    asked.push(question);
    return Promise.resolve(answer);
  };

  beforeEach(() => asked.splice(0));

  it("asks, and goes on where that is agreed to", async () => {
    await agree(["web: 3 tasks are replaced"], {}, answering(true));
    assert.deepEqual(asked, ["Do it?"]);
  });

  it("does nothing where it is not", () =>
    assert.rejects(agree([], {}, answering(false)), /not agreed to, so nothing was done/));

  it("asks nothing with --yes", async () => {
    await agree([], { yes: true }, answering(false));
    assert.deepEqual(asked, []);
  });

  it("does nothing where nobody can be asked, and says what to give", async () => {
    const { isTTY } = process.stdin;
    process.stdin.isTTY = false;
    try {
      await assert.rejects(agree([], {}), /give --yes.*Nothing was done/);
    } finally {
      process.stdin.isTTY = isTTY;
    }
  });
});
