import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { findPython } from "../../rehearsal/emulator/python";
import { log } from "./support";

const rehearsal = resolve(__dirname, "../../rehearsal");

describe("the emulator's own tests", () => {
  it("pass", async () => {
    const python = await findPython(log);
    const args = [
      "-m",
      "unittest",
      "discover",
      "--start-directory",
      join(rehearsal, "emulator/tests"),
    ];
    const child = spawn(python, [...args, "--top-level-directory", rehearsal], {
      cwd: rehearsal,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let output = "";
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise((done) => child.on("close", done));
    const [, ran] = /^Ran (\d+) tests/m.exec(output) ?? [];
    assert.equal(code, 0, output);
    assert.ok(Number(ran) > 100, output);
    log(`${ran} tests in Python`);
  });
});
