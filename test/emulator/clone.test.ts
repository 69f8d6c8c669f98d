import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Clone } from "./clone";
import { endGroup } from "./endGroup";

/** In place of `npm start`: it never ends, and neither does what it starts, which writes in the folder all the time. */
const program = `
const { spawn } = require("node:child_process");
const { mkdirSync, writeFileSync } = require("node:fs");
if (process.argv[2] === undefined) {
  const child = spawn(process.execPath, [__filename, "child"], { stdio: "ignore" });
  writeFileSync("pids.json", JSON.stringify([process.pid, child.pid]));
}
let count = 0;
setInterval(() => {
  mkdirSync("made/" + count, { recursive: true });
  for (let i = 0; i < 20; i++) writeFileSync("made/" + count + "/" + i, "");
  count += 1;
}, 1);
`;

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that has ended stays in the table until its parent asks.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds() && tries < 200; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.ok(holds());
}

describe("a clone whose npm start was given up", function () {
  this.timeout(60_000);

  it("ends it with all that it started, and is removed", async () => {
    const clone = new Clone();
    writeFileSync(join(clone.folder, "start.cjs"), program);
    writeFileSync(
      join(clone.folder, "package.json"),
      JSON.stringify({ name: "clone", scripts: { start: "node start.cjs" } }),
    );
    const started = clone.npmStart();
    const file = join(clone.folder, "pids.json");
    await until(() => existsSync(file) && readFileSync(file, "utf8").endsWith("]"));
    const pids = JSON.parse(readFileSync(file, "utf8")) as number[];
    assert.deepEqual(pids.map(runs), [true, true]);
    await clone.end();
    assert.equal(existsSync(clone.folder), false);
    await until(() => !pids.some(runs));
    assert.notEqual((await started).code, 0);
  });

  it("kills what does not end when it is asked to", async () => {
    const deaf = 'trap "" TERM; echo deaf; while :; do sleep 0.1; done';
    const child = spawn("/bin/sh", ["-c", deaf], { detached: true });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    await endGroup(child, 200);
    assert.equal(child.signalCode, "SIGKILL");
  });
});
