import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const script = join(__dirname, "../../buildspecs/install.sh");

describe("buildspecs/install.sh", () => {
  let project: string;

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "gantry-install-"));
    mkdirSync(join(project, "buildspecs"));
    mkdirSync(join(project, "bin"));
    // And no other program: this machine's own npm or pulumi would be taken for the fake ones.
    for (const tool of ["bash", "cat", "dirname", "ln", "sh"]) {
      const { stdout } = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" });
      symlinkSync(stdout.trim(), join(project, "bin", tool));
    }
    writeFileSync(join(project, "buildspecs/install.sh"), readFileSync(script, "utf8"));
  });

  afterEach(() => rmSync(project, { recursive: true, force: true }));

  /** A program that notes how it was called. */
  function fake(name: string, exitCode = 0): void {
    const path = join(project, "bin", name);
    writeFileSync(path, `#!/bin/sh\necho ${name} "$@" >> ${project}/calls\nexit ${exitCode}\n`);
    chmodSync(path, 0o755);
  }

  function install(env: NodeJS.ProcessEnv, ...args: string[]) {
    const done = spawnSync("bash", [join(project, "buildspecs/install.sh"), ...args], {
      encoding: "utf8",
      env: { PATH: join(project, "bin"), HOME: project, ...env },
    });
    let calls = "";
    try {
      calls = readFileSync(join(project, "calls"), "utf8");
    } catch {
      // Nothing was called.
    }
    return {
      status: done.status,
      calls: calls.trim().split("\n").filter(Boolean),
      text: done.stderr,
    };
  }

  it("links the builder image's packages, and downloads nothing", () => {
    fake("npm");
    fake("pulumi");
    const { status, calls, text } = install({ GANTRY_NODE_MODULES: "/opt/packages" }, "--pulumi");
    assert.equal(status, 0, text);
    assert.deepEqual(calls, []);
    assert.equal(readlinkSync(join(project, "node_modules")), "/opt/packages");
  });

  it("installs from the lock file on AWS's image, on its newest Node", () => {
    fake("npm");
    fake("n");
    const { status, calls, text } = install({ NODE_22_VERSION: "22.1.0" });
    assert.equal(status, 0, text);
    assert.deepEqual(calls, ["n 22.1.0", "npm ci --omit=dev --no-audit --no-fund"]);
  });

  it("fails when npm fails", () => {
    fake("npm", 3);
    assert.equal(install({}).status, 3);
  });

  it("fails when Pulumi cannot be downloaded", () => {
    fake("npm");
    fake("node");
    fake("curl", 22);
    const { status } = install({}, "--pulumi");
    assert.notEqual(status, 0);
  });
});
