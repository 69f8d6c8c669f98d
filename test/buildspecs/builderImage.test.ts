import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

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

  it("copies files that there are", () => {
    const [, files = ""] = /^COPY (.*) \.\/$/m.exec(dockerfile) ?? [];
    for (const file of files.split(" ")) assert.ok(existsSync(join(root, file)), file);
  });

  it("lacks no package, without those for development", () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const imported = new Set(
      ["cli", "delivery", "stacks", "components"].flatMap((part) =>
        readdirSync(join(root, part), { recursive: true, encoding: "utf8" })
          .filter((file) => /\.[jt]s$/.test(file))
          .flatMap((file) => packagesIn(readFileSync(join(root, part, file), "utf8"))),
      ),
    );
    assert.ok(imported.size > 10);
    assert.deepEqual(
      [...imported].filter((name) => !Object.hasOwn(dependencies, name)),
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
