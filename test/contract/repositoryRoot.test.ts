import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../../contract/repositoryRoot";

describe("the root of the repository", () => {
  let root: string;
  let project: string;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "gantry-root-")));
    project = join(root, "deploy", "infra");
    mkdirSync(project, { recursive: true });
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("is where git has it, upwards of the project", () => {
    mkdirSync(join(root, ".git"));
    assert.equal(repositoryRoot(project, {}), root);
    assert.equal(repositoryRoot(root, {}), root);
  });

  it("is that of the nearest work tree, also where git was asked to add it to another", () => {
    mkdirSync(join(root, ".git"));
    writeFileSync(join(root, "deploy", ".git"), "gitdir: elsewhere\n");
    assert.equal(repositoryRoot(project, {}), join(root, "deploy"));
  });

  it("is CodeBuild's source, which has no .git", () => {
    assert.equal(repositoryRoot(project, { CODEBUILD_SRC_DIR: root }), root);
    assert.equal(repositoryRoot(root, { CODEBUILD_SRC_DIR: root }), root);
  });

  it("is not CodeBuild's source where the project lies elsewhere", () => {
    mkdirSync(join(root, ".git"));
    assert.equal(repositoryRoot(project, { CODEBUILD_SRC_DIR: join(root, "deploy/inf") }), root);
  });

  it("is the project's own folder where there is no repository", () => {
    assert.equal(repositoryRoot(project, {}), project);
  });
});
