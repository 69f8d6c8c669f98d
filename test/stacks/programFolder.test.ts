import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderInRepository } from "../../stacks/programFolder";

describe("the folder of the program in its repository", () => {
  let root: string;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "gantry-folder-")));
    mkdirSync(join(root, ".git"));
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** A project there, and the folder in which its program runs. */
  function project(path: string, main = "."): string {
    const folder = join(root, path);
    mkdirSync(join(folder, main), { recursive: true });
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
    return join(folder, main);
  }

  const cases: readonly [where: string, path: string, main: string, expected: string][] = [
    ["the root", ".", ".", "."],
    ["a folder", "infra", ".", "infra"],
    ["two levels down", "deploy/infra", ".", "deploy/infra"],
    ["above a program that lies deeper", "infra", "src/program", "infra"],
  ];
  for (const [where, path, main, expected] of cases) {
    it(`is ${expected} for ${where}`, () => {
      assert.equal(folderInRepository(project(path, main), {}), expected);
    });

    it(`is ${expected} for ${where} where CodeBuild put the source, without .git`, () => {
      rmSync(join(root, ".git"), { recursive: true });
      const folder = project(path, main);
      assert.equal(folderInRepository(folder, { CODEBUILD_SRC_DIR: root }), expected);
    });
  }
});
