import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as prettier from "prettier";
import { rules } from "../../policy/rules";
import { enforcementLevel } from "../../policy/rule";

describe("docs/policy.md", () => {
  const page = readFileSync(join(__dirname, "../../docs/policy.md"), "utf8");

  it("has each rule with its level and its reason", async () => {
    const rows = rules.map((rule) => {
      const where = rule.inProduction ? "production" : "everywhere";
      return `| \`${rule.name}\` | ${enforcementLevel(rule)} | ${rule.severity} | ${where} | ${rule.because} |`;
    });
    const head = ["| rule | level | severity | where | why |", "| --- | --- | --- | --- | --- |"];
    const table = await prettier.format([...head, ...rows].join("\n"), { parser: "markdown" });
    assert.ok(page.includes(table), `docs/policy.md has not the table of the rules:\n${table}`);
  });
});

describe("what rules say", () => {
  for (const { name, because, fix, types } of rules) {
    it(`${name}: a sentence of why, and a fix without its end`, () => {
      assert.match(because, /^[A-Z][^|]*\.$/);
      assert.doesNotMatch(because, /\.\s/, "one sentence");
      assert.match(fix, /^[a-z][^|]*[^.]$/);
      assert.ok(types.length > 0);
    });
  }
});
