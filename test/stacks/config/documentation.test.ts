import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, parseDocument } from "yaml";
import { parseYaml } from "./support";

const docs = join(__dirname, "../../../docs");
const pages = readdirSync(join(docs, "config")).map((file) => `config/${file}`);

/** The examples of a page, as they stand there. */
function examplesOf(page: string): string[] {
  const text = readFileSync(join(docs, page), "utf8");
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, example]) => example);
}

/** Sections of config that stand without their prefix, for short. */
const sections = /^(services|network|cluster|loadBalancer|pipeline|buckets|caches|databases)$/;

/** An example as the config of a stack: pages show parts of it, down to single services. */
function asConfig(example: string): string {
  const { contents } = parseDocument(example);
  assert.ok(isMap(contents), "an example is a map");
  const keys = contents.items.map(({ key }) => String(key));
  const indented = (by: string) => example.replace(/^(?=.)/gm, by);
  if (keys.includes("config")) return example.replace(/^config:\n/, "").replace(/^ {2}/gm, "");
  const config = keys.every((key) => /^(gantry|aws):/.test(key))
    ? example
    : keys.every((key) => sections.test(key))
      ? example.replace(/^(?=[a-z])/gim, "gantry:")
      : `gantry:services:\n${indented("  ")}`;
  return /^gantry:services:/m.test(config) ? config : `${config}gantry:services: { web: {} }\n`;
}

describe("examples in the documentation of config", () => {
  for (const page of ["config.md", ...pages]) {
    examplesOf(page).forEach((example, index) => {
      it(`are right: ${page}, example ${index + 1}`, () => {
        // Nobody is asked where commits come from, and staging refuses nothing dangerous.
        const isOfProduction = ["config/approval.md", "config/posture.md"].includes(page);
        const stack = isOfProduction ? "production" : "staging";
        assert.ok(parseYaml(asConfig(example), { stack }));
      });
    });
  }

  for (const kind of ["web", "private", "worker", "jobs"]) {
    it(`are a minimal and a full one of each kind: ${kind}`, () => {
      const [minimal, full] = examplesOf(`config/${kind}.md`);
      assert.ok(minimal.split("\n").length < full.split("\n").length);
    });
  }

  it("are found from the table of pages", () => {
    const linked = readFileSync(join(docs, "config.md"), "utf8");
    assert.deepEqual(
      pages.filter((page) => !linked.includes(`(${page})`)),
      [],
    );
  });
});
