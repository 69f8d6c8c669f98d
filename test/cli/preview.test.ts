import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { aProject, gantry, stackFile, type Project } from "./support";

describe("gantry preview", () => {
  let project: Project;

  before(() => {
    project = aProject();
    project.lay("Pulumi.staging.yaml", stackFile({ web: { prt: 1 } }));
  });

  after(() => project.remove());

  const preview = (...more: readonly string[]) => ["preview", "--folder", project.folder, ...more];

  it("tells of each stack why it cannot be previewed, in the comment and at the end", async () => {
    const file = join(project.folder, "preview.md");
    const stacks = ["--stack", "staging", "--stack", "nosuch", "--stack", "staging"];
    const { code, stdout, stderr } = await gantry(
      preview(...stacks, "--markdown", "--output", file),
    );
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    const comment = readFileSync(file, "utf8");
    assert.match(
      comment,
      /^\*\*`staging`\*\*: the preview failed ✗\n\n```\n[^]*gantry:services\.web\.prt/,
    );
    assert.match(
      comment,
      /\n\*\*`nosuch`\*\*: the preview failed ✗\n\n```\ngantry: there is no stack nosuch/,
    );
    assert.equal(comment.match(/`staging`/g)?.length, 1);
    assert.match(stderr, /gantry:services\.web\.prt[^]*there is no stack nosuch/);
    assert.doesNotMatch(comment, /^ +at /m);
  });

  it("takes the stack of the environment where none is given, and wants one", async () => {
    const { code, stdout } = await gantry(preview(), { GANTRY_STACK: "staging" });
    assert.equal(code, 1);
    assert.match(stdout, /^staging: the preview failed ✗\n {2}gantry: /);
    const missing = await gantry(preview(), { GANTRY_STACK: "" });
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /this is missing:\n {2}-s, --stack <stack>, or GANTRY_STACK/);
  });

  it("says where it cannot write", async () => {
    const file = join(project.folder, "Pulumi.yaml", "preview.md");
    const { code, stderr } = await gantry(preview("--stack", "nosuch", "--output", file));
    assert.equal(code, 1);
    assert.match(stderr, /the preview cannot be written: .*--output <file>/);
  });
});
