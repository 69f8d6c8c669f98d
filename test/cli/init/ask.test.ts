import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { withTerminal, type Asking } from "../../../cli/init/ask";

describe("questions at a terminal", () => {
  async function asked<T>(typed: string, work: (asking: Asking) => Promise<T>) {
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.end(typed);
    try {
      return { answer: await withTerminal(work, { input, output }), shown: text(output.end()) };
    } finally {
      output.end();
    }
  }

  it("take the proposal where nothing is typed, and what was typed ahead", async () => {
    const { answer, shown } = await asked("\nstore\n", async (asking) => [
      await asking.text("Product", "shop"),
      await asking.text("Name", "web"),
    ]);
    assert.deepEqual(answer, ["shop", "store"]);
    assert.match(await shown, /Product \[shop\]: [^]*Name \[web\]: /);
  });

  it("are asked again after an answer that does not do, which is told", async () => {
    const fault = (answer: string) => (answer === "1" ? undefined : "Give 1.");
    const { answer, shown } = await asked("2\n1\n", (asking) => asking.text("One", "", fault));
    assert.equal(answer, "1");
    assert.match(await shown, /One: [^]*Give 1\.\n[^]*One: /);
  });

  for (const [typed, wanted] of [
    ["", true],
    ["y", true],
    ["no", false],
    ["maybe\nN", false],
  ] as const) {
    it(`are agreed to by ${JSON.stringify(typed)}: ${wanted}`, async () => {
      const { answer } = await asked(`${typed}\n`, (asking) => asking.confirm("Write?"));
      assert.equal(answer, wanted);
    });
  }

  it("fail when the terminal ends", async () => {
    await assert.rejects(
      asked("", (asking) => asking.text("Product", "shop")),
      /not answered, so nothing was written/,
    );
  });
});
