import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ModuleKind, transpileModule } from "typescript";

const root = join(__dirname, "..");

interface Loaded {
  readonly files: readonly string[];
  /** Of packages, as they are asked for. */
  readonly modules: ReadonlySet<string>;
  readonly packages: readonly string[];
}

const requested = new Map<string, readonly string[]>();

/** What a file asks for as it is compiled: no types. */
function requestsOf(file: string): readonly string[] {
  const known = requested.get(file);
  if (known) return known;
  const options = { compilerOptions: { module: ModuleKind.CommonJS } };
  const { outputText } = transpileModule(readFileSync(file, "utf8"), options);
  const calls = outputText.matchAll(/\b(?:require(?:Here)?|import|load)\)?\(\s*"([^"]+)",?\s*\)/g);
  const names = [...calls].map(([, name]) => name);
  requested.set(file, names);
  return names;
}

/** What files load, directly and through others. */
function loadedBy(...entries: readonly string[]): Loaded {
  const files = new Set(entries.map((entry) => join(root, entry)));
  const modules = new Set<string>();
  // A set's loop goes on with what is added within it.
  for (const file of files) {
    for (const name of requestsOf(file)) {
      const path = join(dirname(file), name);
      const found = [`${path}.ts`, join(path, "index.ts")].find((one) => existsSync(one));
      if (name.startsWith(".")) {
        if (found !== undefined) files.add(found);
      } else if (!name.startsWith("node:")) {
        modules.add(name);
      }
    }
  }
  const packages = [...modules].map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
  return {
    ...{ modules, packages: [...new Set(packages)].sort() },
    files: [...files].map((file) => relative(root, file)),
  };
}

type Named = "dependencies" | "peerDependencies";

function named(file: string, key: Named = "dependencies"): string[] {
  const content = JSON.parse(readFileSync(join(root, file), "utf8")) as Readonly<
    Record<Named, Readonly<Record<string, string>>>
  >;
  return Object.keys(content[key]).sort();
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

  it("that the policy pack loads are those that its package names, with Pulumi's own, whose runner starts it", () => {
    const { packages } = loadedBy("policy/index.ts");
    assert.deepEqual([...packages, "@pulumi/pulumi"].sort(), named("policy/package.json"));
  });

  it("that Gantry loads are all named by its package", () => {
    const { packages } = loadedBy("stacks/index.ts", "components/index.ts", "cli/main.ts");
    const known = [...named("package.json"), ...named("package.json", "peerDependencies")];
    assert.deepEqual(
      packages.filter((name) => name !== "gantry" && !known.includes(name)),
      [],
    );
    assert.ok(packages.includes("@pulumi/aws"));
  });

  // The actions of a pipeline fetch the command as one file, which the provider's SDK would make twice as large.
  for (const [what, entry] of [
    ["what reads config", "stacks/config.ts"],
    ["the command", "cli/main.ts"],
  ]) {
    it(`of resources are not loaded by ${what}`, () => {
      const { files, packages } = loadedBy(entry);
      assert.ok(files.includes("components/service/volumes.ts"), "it sees what is loaded");
      assert.deepEqual(
        packages.filter((name) => /^@pulumi\/(?!pulumi$)/.test(name)),
        [],
      );
    });
  }

  // It takes a third of a second of each command: what config is made of takes errors and outputs from it, by their own modules.
  it("of the engine are not loaded whole by what every command loads", () => {
    const { modules } = loadedBy("cli/session.ts", "delivery/status.ts", "delivery/statusText.ts");
    assert.ok(modules.has("@pulumi/pulumi/errors"), "it sees what is loaded");
    assert.ok(!modules.has("@pulumi/pulumi"));
  });
});
