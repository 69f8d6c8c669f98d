import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { mayRewrite } from "../../../stacks/config/engineScalar";
import { readEngineConfig } from "../../../stacks/config/engineYaml";
import { rewrittenInFile } from "../../../stacks/config/stackFile";

const written = "config:\n  gantry:services: { web: { environment: { CODE: 0123 } } }\n";

describe("rewrittenInFile", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "gantry-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The sources that are told, of a stack whose file this is and to which the engine handed these values. */
  function sources(file: string | undefined, values: Readonly<Record<string, string>>): string[] {
    if (file !== undefined) writeFileSync(join(folder, "Pulumi.staging.yaml"), file);
    return rewrittenInFile(folder, "staging", values).map(({ source }) => source);
  }

  it("tells what the file has otherwise than the engine handed over", () => {
    assert.deepEqual(sources(written, readEngineConfig(written).values), ["0123"]);
  });

  it("knows values whose keys the engine ordered anew", () => {
    const file = "config:\n  gantry:network: { zones: 0x2, nat: none }\n";
    assert.deepEqual(sources(file, { "gantry:network": '{"nat":"none","zones":2}' }), ["0x2"]);
  });

  it("tells nothing where config came of another file", () => {
    const other = { "gantry:services": '{"web":{"environment":{"CODE":84}}}' };
    assert.deepEqual(sources(written, other), []);
    assert.deepEqual(sources(written, {}), []);
    rmSync(join(folder, "Pulumi.staging.yaml"));
    assert.deepEqual(sources(undefined, readEngineConfig(written).values), []);
  });

  it("tells nothing where nobody runs the program", () => {
    writeFileSync(join(folder, "Pulumi.staging.yaml"), written);
    assert.deepEqual(rewrittenInFile("", "staging", readEngineConfig(written).values), []);
  });

  it("leaves a file that is wrong to the engine", () => {
    const { values } = readEngineConfig(written);
    for (const file of [`${written}---\n${written}`, `${written}  - [\n`, "\t0123: {"]) {
      assert.deepEqual(sources(file, values), [], file);
    }
  });
});

describe("mayRewrite", () => {
  it("is never wrong where it says no", () => {
    const piece = fc.oneof(
      fc.stringMatching(/^[-+]?[0-9_.exXob]{1,6}$/),
      fc.constantFrom("True", "FALSE", "true", "text", "a-0x1", "2026-12-31"),
    );
    const layout = fc.constantFrom(
      (x: string) => `config:\n  a:b: ${x}\n`,
      (x: string) => `config:\n  a:b: [${x},${x}]\n`,
      (x: string) => `config:\n  a:b: {"x":${x}}\n`,
      (x: string) => `config:\n  a:b:\n    ${x}: y # note\n`,
      (x: string) => `config:\n  a:b: &z ${x}\n  a:c: *z\n`,
    );
    fc.assert(
      fc.property(piece, layout, (source, lay) => {
        const text = lay(source);
        let found: number;
        try {
          found = readEngineConfig(text).rewritten.length;
        } catch {
          return;
        }
        assert.ok(found === 0 || mayRewrite(text), text);
      }),
    );
  });

  it("says no of a file whose scalars all arrive, so that no parser is loaded", () => {
    const file =
      "config:\n  aws:region: eu-west-1\n  gantry:services: { web: { port: 3000, test: npm ci && npm test } }\n";
    assert.equal(mayRewrite(file), false);
    assert.equal(mayRewrite(written), true);
  });
});
