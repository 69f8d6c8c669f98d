import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { changedLately } from "./support/changedLately";

describe("tests that run when their files have changed", () => {
  let folder: string;
  const given = process.env.GANTRY_TESTS;

  const lay = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const commit = (path: string, text: string, date: string) => {
    lay(path, text);
    const author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
    const env = { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    for (const args of [
      ["add", "."],
      [...author, "commit", "-q", "-m", path],
    ]) {
      execFileSync("git", args, { cwd: folder, env });
    }
  };

  beforeEach(() => {
    delete process.env.GANTRY_TESTS;
    folder = mkdtempSync(join(tmpdir(), "gantry-changed-"));
    execFileSync("git", ["init", "-q"], { cwd: folder });
    commit("images/build.ts", "1", "2026-11-01T08:00:00Z");
    commit("cli/main.ts", "1", "2026-11-04T08:00:00Z");
  });

  afterEach(() => {
    if (given !== undefined) process.env.GANTRY_TESTS = given;
    rmSync(folder, { recursive: true, force: true });
  });

  it("do so for a day of commits, whenever that was", () => {
    assert.equal(changedLately(["images"], folder), false);
    assert.equal(changedLately(["cli/*.ts"], folder), true);
    assert.equal(changedLately(["images", "cli"], folder), true);
  });

  it("do so for what is not committed yet", () => {
    lay("images/more.ts", "1");
    assert.equal(changedLately(["images"], folder), true);
  });

  it("do so where nobody knows, and where all are wanted", () => {
    process.env.GANTRY_TESTS = "all";
    assert.equal(changedLately(["images"], folder), true);
    delete process.env.GANTRY_TESTS;
    rmSync(join(folder, ".git"), { recursive: true });
    assert.equal(changedLately(["images"], folder), true);
  });
});
