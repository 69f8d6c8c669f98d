import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { collectArtifact, runBuild, type BuildResult } from "../../../local/rehearsal/build";
import { parseBuildspec } from "../../../local/rehearsal/buildspec";
import { extractZip } from "../../../local/rehearsal/zip";
import { Folders } from "./support";

describe("a build", function () {
  this.timeout(30_000);
  const folders = new Folders();
  let source: string;
  let logFile: string;

  beforeEach(() => {
    source = folders.make();
    logFile = join(folders.make(), "logs", "build.log");
  });

  afterEach(() => folders.remove());

  function build(spec: string, timeoutSeconds = 20): Promise<BuildResult> {
    return runBuild({
      buildspec: parseBuildspec(`version: 0.2\n${spec}`, "test"),
      source,
      scratch: folders.make(),
      env: { PATH: process.env.PATH ?? "", GIVEN: "it's given" },
      logFile,
      timeoutSeconds,
    });
  }

  /** What the commands printed, without CodeBuild's own lines. */
  const printed = () =>
    readFileSync(logFile, "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("[Container]"));

  it("runs every command in one shell, with the environment that it is given and no more", async () => {
    const result = await build(`
phases:
  install: { commands: ['mkdir sub', 'cd sub', 'OWN="kept on"'] }
  build: { commands: ['pwd', 'echo "$OWN, $GIVEN"', 'env | grep -c "^AWS_" || true'] }
`);
    assert.equal(result.error, undefined);
    assert.deepEqual(printed(), [join(source, "sub"), "kept on, it's given", "0"]);
    assert.match(result.tail[0], /Entering phase INSTALL/);
  });

  it("ends a phase at the command that fails, but runs what is under finally, and post_build", async () => {
    const result = await build(`
phases:
  build: { commands: ['echo one', '(exit 3)', 'echo two'], finally: ['echo tidy'] }
  post_build: { commands: ['echo after'] }
`);
    assert.equal(result.succeeded, false);
    assert.equal(result.error, "build failed with exit code 3");
    assert.deepEqual(printed(), ["one", "tidy", "after"]);
  });

  it("ends where an earlier phase fails, unless it says on-failure: CONTINUE", async () => {
    const phases = (more: string) => `
phases:
  pre_build: { ${more} commands: ['false'] }
  build: { commands: ['echo built'] }
`;
    const ended = await build(phases(""));
    assert.equal(ended.error, "pre_build failed with exit code 1");
    assert.deepEqual(printed(), []);
    const went = await build(phases("on-failure: CONTINUE,"));
    assert.equal(went.succeeded, false);
    assert.deepEqual(printed(), ["built"]);
  });

  it("fails when a command ends the shell, with whatever code", async () => {
    for (const command of ["exit 0", "set -eu; false", 'set -u; echo "$NONE"']) {
      const result = await build(`phases: { build: { commands: ['${command}', 'echo on'] } }`);
      assert.match(result.error ?? "", /a command ended the shell of build/, command);
      assert.equal(printed().includes("on"), false);
    }
  });

  it("takes commands of several lines", async () => {
    await build(`
phases:
  build:
    commands:
      - |
        for i in 1 2; do
          echo "it's $i"
        done
`);
    assert.deepEqual(printed().slice(-2), ["it's 1", "it's 2"]);
  });

  it("answers the variables that it exports: set by export, with several lines, also when it failed", async () => {
    const result = await build(`
env: { exported-variables: [A, B, UNSET, PLAIN] }
phases:
  build: { commands: ['export A="x=1"', "export B=$'two\\\\nlines'", 'PLAIN=1', 'false'] }
`);
    assert.deepEqual(result.exportedVariables, { A: "x=1", B: "two\nlines" });
  });

  it("is ended with all that it started when its time is over", async () => {
    const began = Date.now();
    const result = await build(
      `phases: { build: { commands: ['(sleep 3; touch late) & sleep 30'] } }`,
      1,
    );
    assert.match(result.error ?? "", /longer than its 1 s \(time-out of the project\)/);
    assert.ok(Date.now() - began < 10_000);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    assert.equal(existsSync(join(source, "late")), false);
  });

  describe("'s artifact", () => {
    const artifact = (files: string[], baseDirectory = ".", discardPaths = false) =>
      collectArtifact(source, "Release", { files, baseDirectory, discardPaths });

    function files(...names: string[]): void {
      for (const name of names) {
        mkdirSync(join(source, name, ".."), { recursive: true });
        writeFileSync(join(source, name), name);
      }
    }

    it("has the files that match, executable ones as such", () => {
      files("out/a.json", "out/deep/b.sh", "other");
      chmodSync(join(source, "out/deep/b.sh"), 0o755);
      const target = folders.make();
      extractZip(artifact(["**/*"], "out"), target);
      assert.equal(readFileSync(join(target, "a.json"), "utf8"), "out/a.json");
      assert.equal(statSync(join(target, "deep/b.sh")).mode & 0o777, 0o755);
      assert.equal(existsSync(join(target, "other")), false);
    });

    it("loses its folders where it shall", () => {
      files("out/deep/b.json");
      const target = folders.make();
      extractZip(artifact(["out/**/*.json"], ".", true), target);
      assert.ok(existsSync(join(target, "b.json")));
    });

    it("fails when nothing matches", () => {
      assert.throws(
        () => artifact(["none.json"]),
        /no files for the artifact Release: .*none\.json/,
      );
    });
  });
});
