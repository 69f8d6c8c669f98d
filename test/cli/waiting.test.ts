import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { showWaiting, type Written } from "../../cli/waiting";

class Terminal implements Written {
  text = "";
  constructor(readonly isTTY = true) {}

  write(...[chunk]: readonly unknown[]): boolean {
    this.text += String(chunk);
    return true;
  }
}

/** What a person sees of a line, whose beginning is written over. */
const seen = (text: string) =>
  text
    .split("\n")
    .map((line) => line.split("\r\u001b[K").at(-1))
    .join("\n");

describe("what is shown while AWS is asked", () => {
  const start = (screen: Terminal, stdout: Terminal, env = {}, delayMs = 1) =>
    showWaiting({ screen, outputs: [stdout, screen], env, delayMs });

  it("turns until the answer comes, of which it leaves nothing", async () => {
    const [screen, stdout] = [new Terminal(), new Terminal()];
    start(screen, stdout);
    await pause(20);
    assert.match(seen(screen.text), /^\S asking AWS$/);
    stdout.write("answer\n");
    assert.equal(seen(screen.text), "");
    const { text } = screen;
    await pause(200);
    assert.equal(screen.text, text, "it turns no more");
    assert.equal(stdout.text, "answer\n");
  });

  it("makes room for what is told, and for the end", async () => {
    const [screen, stdout] = [new Terminal(), new Terminal()];
    const end = start(screen, stdout);
    await pause(20);
    screen.write("gantry: refused\n");
    assert.equal(seen(screen.text), "gantry: refused\n");
    const { text } = screen;
    end();
    assert.equal(screen.text, text);
  });

  it("is nothing where the answer comes at once, or nobody looks", async () => {
    const screens = [
      { screen: new Terminal(), delayMs: 1000 },
      { screen: new Terminal(false) },
      { screen: new Terminal(), env: { CI: "true" } },
      { screen: new Terminal(), env: { TERM: "dumb" } },
    ];
    const stdout = new Terminal();
    const ends = screens.map(({ screen, env, delayMs }) => start(screen, stdout, env, delayMs));
    await pause(20);
    stdout.write("answer\n");
    for (const end of ends) end();
    assert.deepEqual(
      screens.map(({ screen }) => screen.text),
      ["", "", "", ""],
    );
    assert.equal(stdout.text, "answer\n");
  });
});
