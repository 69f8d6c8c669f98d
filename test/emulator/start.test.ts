import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Report } from "../../local/report";

const project = resolve(__dirname, "../..");

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the project as a clone would be, with the installed packages: a person's own `.gantry` stays untouched. */
function clone(): string {
  const folder = mkdtempSync(join(tmpdir(), "gantry-clone-"));
  const list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const files = execFileSync("git", list, { cwd: project, encoding: "utf8" }).split("\0");
  for (const file of files.filter((name) => name && existsSync(join(project, name)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(project, file), join(folder, file));
  }
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  return folder;
}

describe("npm start", function () {
  this.bail(true);
  let folder: string;

  before(() => {
    folder = clone();
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs without a terminal and without input: a question would end it. */
  function npmStart(...args: string[]): Promise<Finished> {
    const child = spawn("npm", ["start", "--silent", "--", ...args], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    return new Promise((done) => child.on("close", (code) => done({ code, stdout, stderr })));
  }

  const report = () =>
    JSON.parse(readFileSync(join(folder, ".gantry/report.json"), "utf8")) as Report;

  it("--help says what there is, and does nothing", async () => {
    const { code, stdout } = await npmStart("--help");
    assert.equal(code, 0);
    assert.match(stdout, /--keep[\s\S]*--destroy/);
    assert.equal(existsSync(join(folder, ".gantry")), false);
  });

  it("fails when it is given an unknown option, and names it", async () => {
    const { code, stderr } = await npmStart("--destory");
    assert.equal(code, 2);
    assert.match(stderr, /Unknown option '--destory'[\s\S]*Usage: npm start/);
  });

  it("--destroy without anything running says so", async () => {
    const { code, stderr } = await npmStart("--destroy");
    assert.equal(code, 0);
    assert.match(stderr, /Nothing is running/);
  });

  it("--keep brings both environments up, previews them empty, and leaves them", async () => {
    const { code, stdout, stderr } = await npmStart("--keep");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^staging +\d+ +\d+\.\d +\d+\.\d +bootstrap$/m);
    assert.match(stdout, /pulumi -C .* preview --stack staging/);
    const { succeeded, environments } = report();
    assert.equal(succeeded, true);
    assert.deepEqual(
      environments.map(({ stack, phases }) => [stack, phases.map(({ name }) => name)]),
      [
        ["staging", ["up", "preview"]],
        ["production", ["up", "preview"]],
      ],
    );
    assert.deepEqual(Object.keys(environments[0].phases[1].changes), ["same"]);
  });

  it("writes nothing into the project's own stack files", () => {
    for (const name of ["Pulumi.staging.yaml", "Pulumi.production.yaml", "Pulumi.yaml"]) {
      assert.equal(
        readFileSync(join(folder, name), "utf8"),
        readFileSync(join(project, name), "utf8"),
      );
    }
  });

  it("takes up what was kept: pulumi and aws work as it said", () => {
    const shell = (command: string) =>
      execFileSync("bash", ["-c", `source .gantry/local/env.sh; ${command}`], {
        cwd: folder,
        encoding: "utf8",
      });
    assert.match(shell("pulumi -C .gantry/local preview --stack staging"), /\d+ unchanged/);
    assert.match(shell("pulumi -C .gantry/local about --stack production"), /language +nodejs/);
  });

  it("run again, it changes nothing", async () => {
    const { code, stderr } = await npmStart();
    assert.equal(code, 0, stderr);
    for (const { phases } of report().environments) {
      assert.deepEqual(Object.keys(phases[0].changes), ["same"]);
    }
  });

  it("--destroy tears everything down, production too", async () => {
    const { code, stderr } = await npmStart("--destroy");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /Torn down/);
    assert.equal(existsSync(join(folder, ".gantry/emulator.json")), false);
    assert.equal(existsSync(join(folder, ".gantry/local")), false);
  });

  it("fails when the config is bad, with the config's own message and a report", async () => {
    const file = join(folder, "Pulumi.staging.yaml");
    const own = readFileSync(file, "utf8");
    assert.match(own, /port: 3000/);
    writeFileSync(file, own.replace("port: 3000", "prot: 3000"));
    const { code, stderr } = await npmStart();
    assert.equal(code, 1);
    assert.match(stderr, /gantry:services\.web\.prot[\s\S]*did you mean port\?/);
    assert.doesNotMatch(stderr, /at .*\.ts:\d+/, "no stack trace for what the person can mend");
    assert.equal(report().succeeded, false);
    assert.match(report().error ?? "", /did you mean port\?/);
  });
});
