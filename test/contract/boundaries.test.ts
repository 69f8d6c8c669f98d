import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { variables, exportedVariables } from "../../contract/variables";

const root = resolve(__dirname, "../..");

/** What the files of a folder may import besides their own folder and packages: folders, or single modules of one. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  // Of the contract what containers and families are called, what an image is built of, what people are told and how a count is said, and no variable, artifact or buildspec of this program's pipelines.
  components: [
    ...[
      "contract/build",
      "contract/containers",
      "contract/counted",
      "contract/deploymentStrategy",
      "contract/nobodysNetwork",
      "contract/consolePages",
      "contract/logQuery",
      "contract/notification",
      "contract/notificationTexts",
      "contract/routeAddress",
      "contract/taskFamilies",
    ],
  ],
  stacks: ["components", "contract"],
  // Of components what text means, without a resource: it takes no Pulumi to run.
  delivery: ["contract", "stacks/config", "components/service/secretReference"],
  operations: ["contract", "delivery", "stacks/config", "components/service/secretReference"],
  importers: ["contract", "stacks/config"],
  // Of stacks what config is, which `gantry init` writes.
  cli: ["contract", "delivery", "operations", "stacks/config", "importers"],
  app: [],
  // Rules for anybody's program: of this one only what AWS's names and secrets look like.
  policy: ["stacks/config/aws", "stacks/config/secretValues"],
  // The rehearsal runs everything; nothing imports it.
  rehearsal: ["contract", "stacks", "components", "delivery", "cli"],
};

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/(^|\/)(node_modules|dist)\//.test(file))
    .map((file) => join(folder, file));
}

/** What a file imports by a relative path, as paths from the root without ending. Types count: they bind as well. */
function imports(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const found = text.matchAll(
    /(?:from|import|load<[^>]*>\(|require\()\s*\(?"(\.{1,2}(?:\/[^"]*)?)"/g,
  );
  return [...found].map(([, path]) => relative(root, resolve(root, dirname(file), path)));
}

function isWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(place + sep);
}

describe("dependencies point one way", () => {
  for (const [folder, others] of Object.entries(allowed)) {
    it(`${folder}/ imports ${others.join(", ") || "nothing"} besides itself`, () => {
      const files = sources(folder);
      assert.ok(files.length > 0);
      const wrong = files.flatMap((file) =>
        imports(file)
          .filter((path) => ![folder, ...others].some((place) => isWithin(path, place)))
          .map((path) => `${file} imports ${path}`),
      );
      assert.deepEqual(wrong, []);
    });
  }

  it("index.ts imports stacks and contract", () => {
    for (const path of imports("index.ts")) {
      assert.ok(isWithin(path, "stacks") || isWithin(path, "contract"), path);
    }
  });

  it("sees an import that points the other way", () => {
    assert.ok(imports("stacks/pipeline.ts").includes("components"));
    assert.ok(imports("cli/deploy.ts").includes(join("delivery", "deploy")));
  });
});

describe("the contract", () => {
  it("loads no package but zod, so that the command starts without Pulumi", () => {
    const packages = sources("contract").flatMap((file) =>
      [...readFileSync(join(root, file), "utf8").matchAll(/from "([^."][^"]*)"/g)].map(
        ([, name]) => name,
      ),
    );
    const installed = packages.filter((name) => !name.startsWith("node:"));
    assert.deepEqual([...new Set(installed)], ["zod"]);
  });

  it("is unknown to components: no variable of Gantry's and no buildspec stands below components/", () => {
    for (const file of sources("components")) {
      const text = readFileSync(join(root, file), "utf8");
      assert.doesNotMatch(text, /GANTRY_|buildspecs\//, file);
    }
  });

  it("is the only place that says where AWS's console is: each partition has a domain of its own", () => {
    const says = ["components", "stacks", "delivery", "cli", "importers"]
      .flatMap(sources)
      .filter((file) => /console\.(?:aws\.)?amazon/.test(readFileSync(join(root, file), "utf8")));
    assert.deepEqual(says, []);
  });

  it("is the only place that spells a variable's name", () => {
    const names = new Set<string>([
      ...Object.values(variables),
      ...Object.values(exportedVariables),
    ]);
    const spelt = ["stacks", "delivery", "cli"].flatMap(sources).flatMap((file) => {
      const code = readFileSync(join(root, file), "utf8").replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
      const found = [...code.matchAll(/\bGANTRY_[A-Z_]+\b/g)].map(([name]) => name);
      return found.filter((name) => names.has(name)).map((name) => `${file}: ${name}`);
    });
    assert.deepEqual(spelt, []);
  });

  it("has every variable that a buildspec reads or exports", () => {
    const names = new Set<string>([
      ...Object.values(variables),
      ...Object.values(exportedVariables),
    ]);
    const folder = join(root, "buildspecs");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    for (const file of files.filter((name) => /\.(yml|sh)$|Dockerfile$/.test(name))) {
      for (const [name] of readFileSync(join(folder, file), "utf8").matchAll(/GANTRY_[A-Z_]+/g)) {
        assert.ok(names.has(name), `${file}: ${name}`);
      }
    }
  });
});
