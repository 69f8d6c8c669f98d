import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tarballFiles } from "../../cli/init/dependency";

const root = join(__dirname, "../..");

describe("the builder image", () => {
  const dockerfile = readFileSync(join(root, "buildspecs/builder/Dockerfile"), "utf8");

  it("has the programs that delivery calls, and the packages where the buildspecs look for them", () => {
    for (const program of ["bash", "buildah", "skopeo", "git", "curl", "unzip"]) {
      assert.match(dockerfile, new RegExp(`^    [^\n]*\\b${program}\\b`, "m"));
    }
    const packages = /GANTRY_NODE_MODULES=(\S+)/.exec(dockerfile)?.[1];
    assert.equal(packages, `${/^WORKDIR (\S+)$/m.exec(dockerfile)?.[1]}/node_modules`);
  });

  const copies = [...dockerfile.matchAll(/^COPY (.*) (\S+)$/gm)].map(([, from, to]) => ({
    ...{ from: from.split(" "), to },
  }));

  it("copies files that there are, and with each pattern one", () => {
    assert.equal(copies.length, 2);
    for (const { from } of copies) {
      const files = from.filter((name) => !/[*?[]/.test(name));
      assert.ok(files.length > 0, "a builder refuses a copy of nothing");
      for (const file of files) assert.ok(existsSync(join(root, file)), file);
    }
  });

  it("copies what npm takes from the project, before it does", () => {
    const tarballs = { "tarballs/gantry-1.2.3.tgz": __filename };
    const files = Object.keys(tarballFiles({ dependency: "", rehearsal: "", tarballs }));
    assert.ok(files.includes("tarballs/.gitignore"));
    for (const [folder] of files.map((path) => path.split("/"))) {
      const copy = copies.find(({ from }) => from.some((name) => RegExp(`^${name}$`).test(folder)));
      // Of a folder, its content is copied.
      assert.equal(copy?.to, `./${folder}/`);
    }
    assert.ok(dockerfile.lastIndexOf("\nCOPY ") < dockerfile.indexOf("npm ci"));
  });

  it("lacks no package, without those for development", () => {
    const { dependencies, peerDependencies } = JSON.parse(
      readFileSync(join(root, "package.json"), "utf8"),
    ) as Readonly<Record<"dependencies" | "peerDependencies", Readonly<Record<string, string>>>>;
    const imported = new Set(
      ["cli", "delivery", "operations", "stacks", "components"].flatMap((part) =>
        readdirSync(join(root, part), { recursive: true, encoding: "utf8" })
          .filter((file) => /\.[jt]s$/.test(file))
          .flatMap((file) => packagesIn(readFileSync(join(root, part, file), "utf8"))),
      ),
    );
    assert.ok(imported.size > 10);
    // Whoever serves assistants installs what that takes; a pipeline does not.
    const known = { ...dependencies, ...peerDependencies };
    assert.deepEqual(
      [...imported].filter((name) => !Object.hasOwn(known, name)),
      [],
    );
  });
});

/** Which packages a file imports, also when it runs. */
function packagesIn(text: string): string[] {
  const named = text.matchAll(
    /(?:from |require\(|load<[^>]+>\(|import\()"((?:@[\w-]+\/)?[a-z][\w-]*)[^":]*"/g,
  );
  // A project that `gantry init` makes imports Gantry itself.
  return [...named].map(([, name]) => name).filter((name) => !["node", "gantry"].includes(name));
}
