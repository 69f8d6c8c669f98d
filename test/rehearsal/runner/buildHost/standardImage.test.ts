import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { standardImage } from "../../../../rehearsal/runner/buildHost/standardImage";
import { parseBuildspec } from "../../../../rehearsal/runner/buildspec";

const folder = join(__dirname, "../../../../buildspecs");
const read = (name: string) => readFileSync(join(folder, name), "utf8");

/** What bash has itself. */
const builtIn = ["cd", "command", "export", "set", "exit", "[", "if", "fi", "then", "else"];

/** The programs that lines of bash begin with, those of substitutions too, without functions of its own. */
function programsOf(text: string): string[] {
  const functions = [...text.matchAll(/^ *(\w+)\(\) \{/gm)].map(([, name]) => name);
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const starts = lines.flatMap((line) => [
    ...line.split(/\s*(?:&&|\|\||\|)\s*/),
    ...[...line.matchAll(/\$\(([^)]*)\)/g)].map(([, inside]) => inside),
  ]);
  return starts
    .filter((start) => !/^\w+=\S*$/.test(start) || start.includes("$("))
    .map((start) => start.replace(/^(if|!|\w+=\$\() */, "").split(/[ =]/)[0])
    .filter((word) => /^[a-z]+$/.test(word) && !functions.includes(word));
}

/** Of every image for containers. */
const coreutils = ["cat", "dirname", "echo", "ln", "sh"];

describe("the image that CodeBuild's builds run in", () => {
  it("has every program that a buildspec of ours runs", () => {
    const specs = readdirSync(folder).filter((name) => name.endsWith(".yml"));
    const commands = specs.flatMap((name) =>
      parseBuildspec(read(name), name).phases.flatMap((phase) => phase.commands),
    );
    const used = [...commands, read("start.sh")].flatMap(programsOf);
    assert.ok(used.includes("node") && used.includes("aws"), used.join());
    // What is installed by the command itself.
    for (const tool of ["n", "npm", "curl"]) assert.ok(tool in standardImage.tools, tool);
    const own = new Set([...Object.keys(standardImage.tools), ...builtIn, ...coreutils]);
    assert.deepEqual(
      used.filter((program) => !own.has(program)),
      [],
    );
  });

  it("has the Node that start.sh chooses, with an npm", () => {
    const chosen = /node=\$\{(NODE_\w+):/.exec(read("start.sh"))?.[1] ?? "";
    const version = standardImage.env[chosen];
    assert.ok(standardImage.nodeVersions[version]?.npm, `${chosen}: ${version}`);
  });

  it("has nothing that it is said not to have", () => {
    const { absent, tools } = standardImage;
    assert.deepEqual(
      absent.filter((name) => name in tools),
      [],
    );
  });
});
