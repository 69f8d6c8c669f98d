import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { toItsEnd } from "../../stacks/unfinished";

const file = join(__dirname, "../../stacks/unfinished.ts");

/** A process whose program is `work`, and which tells whether Pulumi would have been told that all is registered. */
function ended(work: string) {
  const script = `
    process.on("beforeExit", () => console.log("all is registered"));
    require(${JSON.stringify(file)}).toItsEnd(${work});
  `;
  const args = ["-r", "ts-node/register", "-e", script];
  return spawnSync(process.execPath, args, { cwd: join(__dirname, "../.."), encoding: "utf8" });
}

describe("a program that runs to its end", () => {
  it("fails where a promise of it is never settled, before Pulumi is told that it has ended", () => {
    const { status, stdout, stderr } = ended("() => new Promise(() => undefined)");
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /stopped before it had registered everything/);
  });

  it("ends as it does where it ends", () => {
    const { status, stdout, stderr } = ended("async () => 1");
    assert.deepEqual([status, stdout, stderr], [0, "all is registered\n", ""]);
  });

  it("answers what it answers, and throws what it throws", async () => {
    assert.equal(await toItsEnd(() => Promise.resolve(1)), 1);
    await assert.rejects(
      toItsEnd(() => Promise.reject(new Error("no"))),
      /^Error: no$/,
    );
    assert.equal(process.listeners("beforeExit").filter(({ name }) => name === "refuse").length, 0);
  });
});
