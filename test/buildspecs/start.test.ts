import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { buildspecs } from "../../contract/buildspecs";
import { buildspecText } from "../../stacks/buildspecs";

interface Commands {
  readonly commands: readonly string[];
}

interface Buildspec {
  readonly phases: { readonly install: Commands; readonly build: Commands };
}

const content = "console.log('gantry')";
const hash = createHash("sha256").update(content).digest("hex");

describe("buildspecs/start.sh", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-start-"));
    mkdirSync(join(folder, "bin"));
    // And no other program: this machine's own `aws` or `n` would be taken for the fake ones.
    symlinkSync(process.execPath, join(folder, "bin/node"));
    const { stdout } = spawnSync("sh", ["-c", "command -v cp"], { encoding: "utf8" });
    symlinkSync(stdout.trim(), join(folder, "bin/cp"));
    program("aws", `echo aws "$@" >> ${folder}/calls; cp ${folder}/object "$7"`);
    writeFileSync(join(folder, "object"), content);
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function program(name: string, body: string): void {
    const path = join(folder, "bin", name);
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
  }

  function run(script: string, name: string, env: NodeJS.ProcessEnv = {}) {
    return spawnSync("/bin/bash", ["-c", script], {
      encoding: "utf8",
      env: {
        PATH: join(folder, "bin"),
        HOME: folder,
        GANTRY_COMMAND: `s3://acme-artifacts/bundles/${name}`,
        ...env,
      },
    });
  }

  /** As an action begins: what a project holds, and one command after it. */
  function start(env: NodeJS.ProcessEnv = {}, name = `${hash}.js`) {
    const { phases } = parse(buildspecText("promote")) as Buildspec;
    const script = `${phases.install.commands[0]}code=$?\necho the same shell: $code\n`;
    const { stdout, stderr } = run(script, name, env);
    const calls = join(folder, "calls");
    return {
      code: Number(/^the same shell: (\d+)$/m.exec(stdout)?.[1]),
      stderr,
      calls: existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : [],
    };
  }

  it("fetches the command of its own update", () => {
    const { code, stderr, calls } = start();
    assert.equal(code, 0, stderr);
    assert.deepEqual(calls, [
      `aws s3api get-object --bucket acme-artifacts --key bundles/${hash}.js ${folder}/gantry.cjs`,
    ]);
    assert.equal(readFileSync(join(folder, "gantry.cjs"), "utf8"), content);
  });

  it("is started by every buildspec, also where the home folder is in a repository of ES modules", () => {
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "object"), "console.log(require('node:path').basename(__filename))");
    const object = createHash("sha256")
      .update(readFileSync(join(folder, "object")))
      .digest("hex");
    for (const name of buildspecs) {
      const { phases } = parse(buildspecText(name)) as Buildspec;
      const [command] = phases.build.commands;
      const script = `${phases.install.commands[0]}\n${command}`;
      const { status, stdout, stderr } = run(script, `${object}.js`);
      assert.equal(status, 0, `${name}: ${stderr}`);
      assert.equal(stdout, "gantry.cjs\n", name);
    }
  });

  it("takes a newer Node than the default of AWS's image, without a download", () => {
    program("n", `echo n "$@" >> ${folder}/calls`);
    assert.equal(
      start({ NODE_22_VERSION: "22.1.0", NODE_24_VERSION: "24.1.0" }).calls[0],
      "n 22.1.0",
    );
  });

  it("takes the next one where AWS drops that", () => {
    program("n", `echo n "$@" >> ${folder}/calls`);
    assert.equal(start({ NODE_24_VERSION: "24.1.0" }).calls[0], "n 24.1.0");
  });

  it("takes the Node that is there in an image without `n`", () => {
    const { code, stderr } = start({ NODE_22_VERSION: "22.1.0" });
    assert.equal(code, 0, stderr);
  });

  it("fails where the command is not there, and says what puts it there", () => {
    program("aws", `echo "fatal error: 404" >&2; exit 1`);
    const { code, stderr } = start();
    assert.equal(code, 1);
    assert.match(stderr, /fatal error: 404/);
    assert.match(
      stderr,
      /gantry: s3:\/\/acme-artifacts.*cannot be had; pulumi up puts it there\. Nothing was changed\./,
    );
  });

  it("fails where it is another than was put there", () => {
    writeFileSync(join(folder, "object"), content.slice(0, -2));
    const { code, stderr } = start();
    assert.equal(code, 1);
    assert.match(stderr, /is not what pulumi up put there\. Nothing was changed\./);
  });

  it("fails where the image's Node cannot be taken", () => {
    program("n", "exit 1");
    const { code, stderr, calls } = start({ NODE_22_VERSION: "22.1.0" });
    assert.equal(code, 1);
    assert.match(stderr, /this image has no Node 22\.1\.0/);
    assert.deepEqual(calls, []);
  });
});
