import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rowsOf } from "../../importers/rows";
import { stackText } from "../../importers/stackText";
import { readTarget } from "../../delivery/target";
import { assertTrue } from "../importers/support";
import { examples, importedExamples, importExample, stacks, withoutAdditions } from "./support";

for (const name of importedExamples) {
  describe(`the import of examples/${name}`, () => {
    const imported = importExample(name);

    for (const stack of stacks) {
      it(`is the file of ${stack}, but for the lines that are marked as added`, async () => {
        const draft = imported.drafts.find((each) => each.stack === stack);
        assert.ok(draft);
        assert.equal(withoutAdditions(name, stack), stackText(draft, "eu-west-1"));
        assert.equal((await readTarget(join(examples, name), stack)).config.name, name);
      });
    }

    it("says of every field what became of it", () => assertTrue(imported));

    it("loses nothing that the README does not name", () => {
      const readme = readFileSync(join(examples, name, "README.md"), "utf8");
      const named = [...readme.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
      const unexplained = rowsOf(imported)
        .filter(({ outcomes }) => outcomes.some(({ outcome }) => outcome.became === "lost"))
        .map(({ node }) => node.path)
        .filter((path) => !named.some((code) => path === code || path.startsWith(`${code}.`)));
      assert.deepEqual(unexplained, []);
    });
  });
}
