import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rules, type Rule } from "../../../stacks/config/posture";

const page = readFileSync(join(__dirname, "../../../docs/config/posture.md"), "utf8");

/** The rows of the first table behind a heading, without its head. */
function rowsBehind(heading: string): string[][] {
  const [, text] = page.split(`\n## ${heading}\n`);
  const [table] = /(?:^\|.*\n)+/m.exec(text) ?? [""];
  const [, , ...rows] = table.trimEnd().split("\n");
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function rowOf({ id, key, danger, of, why, safe, staging }: Rule): string[] {
  const where = of === undefined ? "" : ` (${of})`;
  return [`\`${key}\``, danger + where, why, safe, staging ?? "", id];
}

describe("the page about posture", () => {
  for (const [verdict, heading] of [
    ["refused", "Refused in production"],
    ["told", "Told in production"],
  ] as const) {
    it(`has every rule and no other: ${verdict}`, () => {
      const wanted = rules.filter(({ production }) => production === verdict).map(rowOf);
      assert.deepEqual(rowsBehind(heading), wanted);
    });
  }
});
