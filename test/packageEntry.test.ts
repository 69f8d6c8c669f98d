import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const root = join(__dirname, "..");

/**
 * Pulumi takes the entry of the package.json of a program's folder for the program, where the project names a folder or
 * nothing: this repository's is the package, which registers nothing, so that everything else would be deleted.
 */
describe("the project of this repository", () => {
  it("names its program as a file, since package.json has an entry", () => {
    const about = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly exports: object;
    };
    assert.ok(Object.hasOwn(about.exports, "."));
    const { main } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { main?: string };
    assert.equal(main, "index.ts");
    assert.ok(existsSync(join(root, main)));
  });
});

interface About {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

describe("the packages", () => {
  const read = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8")) as About;
  const gantry = read("package.json");
  const rehearsal = read("rehearsal/package.json");
  const policy = read("policy/package.json");

  it("are of one version, which the rehearsal asks for", () => {
    assert.equal(rehearsal.version, gantry.version);
    assert.equal(policy.version, gantry.version);
    assert.equal(rehearsal.peerDependencies?.gantry, gantry.version);
  });

  it("take the same packages in the same versions", () => {
    const all = { ...gantry.devDependencies, ...gantry.dependencies };
    const others = [rehearsal, policy].flatMap(({ dependencies }) => Object.entries(dependencies));
    const both = others.filter(([name]) => name in all);
    assert.ok(both.length > 5);
    for (const [name, range] of both) assert.equal(range, all[name], name);
  });
});
