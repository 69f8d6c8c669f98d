import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { contextRules, ignoreFilesOf } from "../../../contract/build/contextRules";

const dockerfile = "services/api/Dockerfile.prod";
const beside = `${dockerfile}.dockerignore`;
const besideToo = `${dockerfile}.containerignore`;

describe("the ignore files of a context", () => {
  let context: string;

  beforeEach(() => {
    context = mkdtempSync(join(tmpdir(), "gantry-rules-"));
  });

  afterEach(() => rmSync(context, { recursive: true }));

  function lay(files: Readonly<Record<string, string>>) {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(context, path)), { recursive: true });
      writeFileSync(join(context, path), content);
    }
    return { context, dockerfile: join(context, dockerfile) };
  }

  const table: readonly (readonly [there: string[], docker?: string, containers?: string])[] = [
    [[]],
    [[".dockerignore"], ".dockerignore", ".dockerignore"],
    [[".containerignore"], undefined, ".containerignore"],
    [[".dockerignore", ".containerignore"], ".dockerignore", ".containerignore"],
    [[beside, ".dockerignore", ".containerignore"], beside, beside],
    [[besideToo, ".dockerignore"], ".dockerignore", besideToo],
    [[beside, besideToo], beside, beside],
    // Of another Dockerfile, and of the context's own where the Dockerfile is elsewhere.
    [["services/api/Dockerfile.dockerignore", "services/api/.dockerignore"]],
  ];
  for (const [there, docker, containers] of table) {
    it(`are each builder's own: ${there.join(", ") || "none"}`, () => {
      const found = ignoreFilesOf(lay(Object.fromEntries(there.map((path) => [path, ""]))));
      const name = (path?: string) => path && relative(context, path);
      assert.deepEqual([name(found.docker), name(found.containers)], [docker, containers]);
      assert.equal(name(found.ofDockerfile), there.includes(beside) ? beside : undefined);
    });
  }

  it("leave out what all builders leave out, where these read different ones", () => {
    const place = lay({ ".dockerignore": "*.log\nbuild\n", ".containerignore": "*.log\nother\n" });
    const rules = contextRules(place);
    const excluded = ["a.log", "build", "build/a", "other"].filter((path) => rules.excludes(path));
    assert.deepEqual(excluded, ["a.log"]);
    assert.equal(rules.mayIncludeBelow("build"), true);
  });
});
