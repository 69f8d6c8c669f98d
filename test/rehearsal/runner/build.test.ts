import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, readlinkSync } from "node:fs";
import { statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { collectArtifact } from "../../../rehearsal/runner/build";
import type { BuildResult } from "../../../rehearsal/runner/buildHost";
import { bashHost } from "../../../rehearsal/runner/buildHost/bash";
import { parseBuildspec } from "../../../rehearsal/runner/buildspec";
import { extractZip, filesBelow } from "../../../rehearsal/runner/zip";
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
    return bashHost().run({
      image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
      privileged: false,
      buildspec: parseBuildspec(`version: 0.2\n${spec}`, "test"),
      sources: new Map([["Source", source]]),
      primary: "Source",
      variables: { GIVEN: "it's given", CODEBUILD_BUILD_SUCCEEDING: "1" },
      machine: {},
      reached: [],
      folder: folders.make(),
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

  it("runs install, pre_build, build and post_build, in that order", async () => {
    const result = await build(`
phases:
  post_build: { commands: [echo 4] }
  pre_build: { commands: [echo 2], finally: [echo tidy] }
  build: { commands: [echo 3] }
  install: { commands: [echo 1] }
`);
    assert.equal(result.succeeded, true);
    assert.deepEqual(printed(), ["1", "2", "tidy", "3", "4"]);
  });

  it("does without post_build when build fails and says on-failure: ABORT", async () => {
    const result = await build(`
phases:
  build: { on-failure: ABORT, commands: ['(exit 2)'], finally: ['echo tidy'] }
  post_build: { commands: ['echo after'] }
`);
    assert.equal(result.error, "build failed with exit code 2");
    assert.deepEqual(printed(), ["tidy"]);
  });

  it("fails when what is under finally does", async () => {
    const result = await build(
      "phases: { build: { commands: [echo one], finally: ['(exit 4)'] } }",
    );
    assert.equal(result.error, "build failed with exit code 4");
  });

  it("fails by post_build alone, and tells it whether build succeeded", async () => {
    const told =
      "phases: { build: { commands: [COMMAND] }, post_build: { commands: [TOLD, '(exit 5)'] } }";
    const tell = "'echo succeeding $CODEBUILD_BUILD_SUCCEEDING'";
    const bad = await build(told.replace("COMMAND", "'false'").replace("TOLD", tell));
    assert.equal(bad.error, "build failed with exit code 1");
    assert.deepEqual(printed(), ["succeeding 0"]);
    const good = await build(told.replace("COMMAND", "'true'").replace("TOLD", tell));
    assert.equal(good.error, "post_build failed with exit code 5");
    assert.deepEqual(printed(), ["succeeding 1"]);
  });

  it("shows the last lines of its log, and keeps all of them", async () => {
    const result = await build("phases: { build: { commands: ['seq 1 100'] } }");
    assert.equal(result.tail.length, 40);
    assert.equal(result.tail.at(-1), "100");
    assert.equal(printed().length, 100);
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

  it("is ended with all that it started when its time is over (row 34)", async () => {
    const result = await build(
      `phases: { build: { commands: ['sleep 600 & echo $!; sleep 600; echo on'] } }`,
      0.5,
    );
    assert.equal(result.succeeded, false);
    assert.match(result.error ?? "", /longer than its 0\.5 s \(time-out of the project\)/);
    const [background, ...more] = printed();
    assert.deepEqual(more, []);
    // Where nobody waits for orphans, a process that was killed is a zombie.
    const state = spawnSync("ps", ["-o", "stat=", "-p", background], { encoding: "utf8" });
    assert.match(state.stdout.trim(), /^(Z.*)?$/, "nothing of it runs any more");
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

    it("has no more than the patterns name", () => {
      files("a.json", "b.txt", "deep/c.json");
      const target = folders.make();
      extractZip(artifact(["*.json", "./b.*"]), target);
      assert.deepEqual(filesBelow(target), ["a.json", "b.txt"]);
    });

    it("has links as links", () => {
      files("out/a");
      symlinkSync("a", join(source, "out/link"));
      const target = folders.make();
      extractZip(artifact(["**/*"], "out"), target);
      assert.equal(readlinkSync(join(target, "link")), "a");
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
