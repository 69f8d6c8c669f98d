import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startBench, type Bench } from "./support";

/** A worker with one variable, as a person writes it. */
const services = (code: string) =>
  `  gantry:services: { jobs: { kind: worker, build: app, environment: { CODE: ${code} } } }`;

describe("a number that YAML writes anew", function () {
  let bench: Bench;
  let file: string;

  before(async () => {
    bench = await startBench();
    file = join(bench.workspace.folder, "Pulumi.staging.yaml");
  });

  after(() => bench?.stop());

  /** The stack's file with a variable of this spelling. */
  async function stackFile(code: string): Promise<string> {
    await bench.workspace.stack("staging", { "gantry:services": undefined });
    return readFileSync(file, "utf8").replace("config:", `config:\n${services(code)}`);
  }

  function preview(...more: string[]) {
    const args = ["preview", "--stack", "staging", ...more];
    const { status, stdout, stderr } = spawnSync("pulumi", args, {
      cwd: bench.workspace.folder,
      env: { ...process.env, ...bench.workspace.env },
      encoding: "utf8",
    });
    return { status, text: stdout + stderr };
  }

  it("is refused by pulumi preview, however it is spelt", async () => {
    for (const code of ["0123", "1_000", "0x1F", "1e3", "True"]) {
      writeFileSync(file, await stackFile(code));
      const { status, text } = preview();
      assert.notEqual(status, 0, text);
      assert.match(text, /has 1 fault; nothing was created/);
      assert.match(text, /gantry:services\.jobs\.environment\.CODE[^]*write it in quotes/);
    }
  });

  it("is no fault of the stack's own file where config comes of another", async () => {
    const other = join(bench.workspace.folder, "other.yaml");
    writeFileSync(other, await stackFile('"0123"'));
    writeFileSync(file, await stackFile("0123"));
    const { status, text } = preview("--config-file", other);
    assert.equal(status, 0, text);
  });
});
