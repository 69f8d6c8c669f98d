import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";

const root = join(__dirname, "..");

/** What mocha's command makes of a pattern; it has no types. */
const { lookupFiles } = createRequire(__filename)("mocha/lib/cli/cli") as {
  readonly lookupFiles: (
    pattern: string,
    extensions: readonly string[],
    recursive: boolean,
  ) => string[];
};

describe("the suite on the emulator", () => {
  // What takes longest begins first, so that nothing of it is left when all else is over.
  it("has every file once, and begins with whole rehearsals", () => {
    const { spec } = JSON.parse(readFileSync(join(root, ".mocharc.emulator.json"), "utf8")) as {
      readonly spec: readonly string[];
    };
    const found = spec.flatMap((pattern) => lookupFiles(join(root, pattern), ["ts"], false));
    const files = ["test/emulator", "test/package"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".test.ts"))
        .map((file) => join(folder, file)),
    );
    const paths = found.map((file) => relative(root, file));
    assert.deepEqual([...paths].sort(), files.sort());
    assert.deepEqual(paths.slice(0, 2), [
      "test/emulator/products.test.ts",
      "test/emulator/start.test.ts",
    ]);
  });
});
