import assert from "node:assert/strict";
import { frame, watch } from "../../cli/watch";
import { aProject, gantry, stackFile } from "./support";

const [home, line, below] = ["\u001b[H", "\u001b[K", "\u001b[J"];

describe("a frame of a screen that is watched", () => {
  it("is written over the one before, line by line, and clears what is below", () => {
    assert.equal(
      frame("one\ntwo", "foot", { rows: 24, columns: 80 }),
      `${home}one${line}\ntwo${line}\n${line}\nfoot${line}${below}`,
    );
  });

  it("counts what does not fit, with lines that wrap, and colours that have no width", () => {
    const text = ["a".repeat(25), "\u001b[31mred\u001b[0m", "three", "four"].join("\n");
    const shown = frame(text, "foot", { rows: 5, columns: 20 });
    assert.equal(shown.split("\n").length, 4);
    assert.match(shown, /red/);
    assert.doesNotMatch(shown, /three/);
    assert.match(shown, /2 more lines/);
    // The foot does not wrap.
    assert.equal(shown.split("\n").at(-1), `2 more lines, in a h${line}${below}`);
  });
});

describe("a watch", () => {
  const screen = () => {
    const written: string[] = [];
    return { written, write: (text: string) => written.push(text) };
  };

  it("looks again and again, tells of a look that fails, and goes on until it is ended", async () => {
    const ended = new AbortController();
    const to = screen();
    let looks = 0;
    const look = () => {
      looks++;
      if (looks === 2) return Promise.reject(new Error("a defect"));
      if (looks === 4) ended.abort();
      return Promise.resolve(`look ${looks}`);
    };
    await watch(look, { screen: to, seconds: 0.001, signal: ended.signal });
    const [cleared, first, failed, third] = to.written;
    assert.equal(cleared, "\u001b[2J");
    assert.match(first, /look 1/);
    assert.match(failed, /look 1[^]*asked again: [^]*a defect/);
    assert.match(third, /look 3/);
    assert.doesNotMatch(third, /a defect/);
  });

  it("fails where the first look does, and shows nothing", async () => {
    const to = screen();
    await assert.rejects(
      watch(() => Promise.reject(new Error("no credentials")), { screen: to }),
      /no credentials/,
    );
    assert.deepEqual(to.written, []);
  });
});

describe("gantry status --watch", () => {
  it("is for a terminal, and for people", async () => {
    const project = aProject();
    project.lay("Pulumi.staging.yaml", stackFile({ web: { build: "app" } }));
    const at = ["--folder", project.folder, "--watch"];
    try {
      for (const asked of [["--stack", "staging"], ["--all"]]) {
        const { code, stderr } = await gantry(["status", ...asked, ...at]);
        assert.equal(code, 2);
        assert.match(stderr, /--watch is for a terminal: .* gantry status --json/);
      }
      const { code, stderr } = await gantry(["status", "--stack", "staging", "--json", ...at]);
      assert.equal(code, 2);
      assert.match(stderr, /cannot be used with option '--json'/);
    } finally {
      project.remove();
    }
  });
});
