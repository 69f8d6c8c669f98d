import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ModuleKind, transpileModule } from "typescript";

const root = join(__dirname, "..");

interface Loaded {
  readonly files: readonly string[];
  readonly packages: readonly string[];
}

/** What files load as they are compiled, directly and through others: no types. */
function loadedBy(...entries: readonly string[]): Loaded {
  const files = new Set(entries.map((entry) => join(root, entry)));
  const packages = new Set<string>();
  // A set's loop goes on with what is added within it.
  for (const file of files) {
    const options = { compilerOptions: { module: ModuleKind.CommonJS } };
    const { outputText } = transpileModule(readFileSync(file, "utf8"), options);
    for (const [, name] of outputText.matchAll(/\b(?:require(?:Here)?|import)\("([^"]+)"\)/g)) {
      const path = join(dirname(file), name);
      const found = [`${path}.ts`, join(path, "index.ts")].find((one) => existsSync(one));
      if (name.startsWith(".")) {
        if (found !== undefined) files.add(found);
      } else if (!name.startsWith("node:")) {
        packages.add(/^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
      }
    }
  }
  return {
    files: [...files].map((file) => relative(root, file)),
    packages: [...packages].sort(),
  };
}

function named(file: string): string[] {
  const { dependencies } = JSON.parse(readFileSync(join(root, file), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return Object.keys(dependencies).sort();
}

describe("packages", () => {
  it("that the rehearsal loads are those that its package names", () => {
    const { packages } = loadedBy(
      "rehearsal/index.ts",
      "rehearsal/keptServices/main.ts",
      "rehearsal/runner/standIn/buildah.ts",
      "rehearsal/runner/standIn/skopeo.ts",
    );
    assert.deepEqual(packages, named("rehearsal/package.json"));
  });

  it("that Gantry loads are all named by its package", () => {
    const { packages } = loadedBy("stacks/index.ts", "components/index.ts", "cli/main.ts");
    const known = named("package.json");
    assert.deepEqual(
      packages.filter((name) => name !== "gantry" && !known.includes(name)),
      [],
    );
    assert.ok(packages.includes("@pulumi/aws"));
  });

  // The command, pull requests and the rehearsal read config: the provider's SDK alone takes 0.2 s to load.
  it("of resources are not loaded by what reads config", () => {
    const { files, packages } = loadedBy("stacks/config.ts");
    assert.ok(files.includes("components/service/volumes.ts"), "it sees what is loaded");
    assert.deepEqual(
      packages.filter((name) => /^@pulumi\/(?!pulumi$)/.test(name)),
      [],
    );
  });
});
