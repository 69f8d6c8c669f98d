import assert from "node:assert/strict";
import { agree } from "../../cli/agree";
import { requireName } from "../../cli/typedName";

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

  it("does nothing of it where it is only to say what it would do, also with --yes or the stack's name", async () => {
    process.env.GANTRY_DRY_RUN = "1";
    try {
      await assert.rejects(agree([], { yes: true }, answering(true)), /DRY_RUN.*nothing was done/);
      const named = { stack: "staging", confirm: "staging", to: "destroy it", nothing: "" };
      await assert.rejects(requireName(named), /DRY_RUN.*nothing was done/);
      assert.deepEqual(asked, []);
    } finally {
      delete process.env.GANTRY_DRY_RUN;
    }
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
