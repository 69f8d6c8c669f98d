import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
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
import { installationOf } from "../../delivery/installation";

describe("what a command that runs Pulumi installs", () => {
  let folder: string;
  let bin: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gantry-install-"));
    bin = join(folder, "bin");
    mkdirSync(bin);
    // And no other program: this machine's own npm or pulumi would be taken for the fake ones.
    for (const tool of ["cat", "sh"]) {
      const { stdout } = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" });
      symlinkSync(stdout.trim(), join(bin, tool));
    }
    const locked = { packages: { "node_modules/@pulumi/pulumi": { version: "3.248.0" } } };
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify(locked));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function program(name: string, body = ""): void {
    const path = join(bin, name);
    const note = `echo ${name} "$@" in $PWD >> ${folder}/calls`;
    writeFileSync(path, `#!/bin/sh\n${note}\n${body}\n`);
    chmodSync(path, 0o755);
  }

  /** What was called, with the program's folder as `.`. */
  function calls(): string[] {
    const file = join(folder, "calls");
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    return text.trim().split("\n").filter(Boolean).sort();
  }

  const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    PATH: bin,
    HOME: folder,
    ...more,
  });

  const install = (env = environment()) =>
    installationOf({ folder, tell: () => undefined, env }).done();

  /** An installer that notes how it was called. */
  const installer = (body = "") =>
    program("curl", `echo 'echo installer "$@" >> ${folder}/calls'; ${body}`);

  it("is the packages of the lock file, and Pulumi in the version of its SDK", async () => {
    program("npm");
    installer();
    const env = environment();
    await install(env);
    const npm = `npm ci --omit=dev --no-audit --no-fund in ${folder}`;
    assert.ok(calls().includes(npm), calls().join("\n"));
    assert.ok(calls().includes("installer --version 3.248.0 --no-edit-path"), calls().join("\n"));
    assert.equal(env.PATH, `${folder}/.pulumi/bin:${bin}`);
  });

  it("is begun once, whoever waits for it, and tells when it is there", async () => {
    program("npm");
    program("pulumi");
    const told: string[] = [];
    const installation = installationOf({
      folder,
      tell: (line) => told.push(line),
      env: environment(),
    });
    installation.begin();
    await Promise.all([installation.done(), installation.done()]);
    assert.equal(calls().filter((call) => call.startsWith("npm")).length, 1);
    assert.deepEqual(told, ["the program's packages and Pulumi are there"]);
  });

  it("is nothing until somebody waits for it or begins it", () => {
    installationOf({ folder, tell: () => undefined, env: environment() });
    assert.deepEqual(calls(), []);
  });

  it("is a link where a builder image has the packages, and no download", async () => {
    program("npm");
    program("pulumi");
    mkdirSync(join(folder, "node_modules"));
    await install(environment({ GANTRY_NODE_MODULES: "/opt/packages" }));
    assert.equal(readlinkSync(join(folder, "node_modules")), "/opt/packages");
    assert.deepEqual(
      calls().filter((call) => !call.startsWith("pulumi version")),
      [],
    );
  });

  it("leaves alone what a link in the place of the packages leads to", async () => {
    const others = join(folder, "others");
    mkdirSync(others);
    writeFileSync(join(others, "mine"), "");
    symlinkSync(others, join(folder, "node_modules"));
    // As npm does it before it installs.
    program("npm", "/bin/rm -rf node_modules/*");
    program("pulumi");
    await install();
    assert.ok(existsSync(join(others, "mine")));
  });

  it("takes the version of Pulumi's SDK from npm-shrinkwrap.json where npm goes by that", async () => {
    const packages = { "node_modules/@pulumi/pulumi": { version: "3.250.2" } };
    writeFileSync(join(folder, "npm-shrinkwrap.json"), JSON.stringify({ packages }));
    program("npm");
    installer();
    await install();
    assert.ok(calls().includes("installer --version 3.250.2 --no-edit-path"), calls().join("\n"));
  });

  it("takes the version of Pulumi's SDK from the packages where the lock file is a workspace's", async () => {
    rmSync(join(folder, "package-lock.json"));
    const sdk = join(folder, "node_modules/@pulumi/pulumi");
    const about = JSON.stringify({ name: "@pulumi/pulumi", version: "3.250.1" });
    program("npm", `/bin/mkdir -p ${sdk}; echo '${about}' > ${sdk}/package.json`);
    installer();
    await install();
    assert.ok(calls().includes("installer --version 3.250.1 --no-edit-path"), calls().join("\n"));
  });

  it("fails where the program has no SDK of Pulumi's", async () => {
    writeFileSync(join(folder, "package-lock.json"), "{}");
    program("npm");
    installer();
    await assert.rejects(install(), /has no @pulumi\/pulumi.*dependencies of its package\.json/);
  });

  it("fails when npm fails, with its last lines, and says that a builder image needs no registry (row 46)", async () => {
    program("npm", "echo 'npm error network' >&2; exit 3");
    program("pulumi");
    await assert.rejects(install(), (error: Error & { details: readonly string[] }) => {
      assert.match(
        error.message,
        /npm ci failed, and nothing was changed\. If the npm registry did not answer/,
      );
      assert.match(error.message, /builder image of your own \(buildspecs\/builder\)/);
      assert.match(error.details.join("\n"), /ended with exit code 3/);
      assert.match(error.details.join("\n"), /npm error network/);
      return true;
    });
  });

  it("fails when Pulumi cannot be downloaded, and runs no half of its installer (row 46)", async () => {
    program("npm");
    // As a connection that breaks off: something has come, and it ends with an error.
    installer("exit 18");
    await assert.rejects(
      install(),
      /installation of Pulumi 3\.248\.0 failed.*Pulumi's download site did not answer/s,
    );
    assert.ok(!calls().some((call) => call.startsWith("installer")), calls().join());
  });
});
