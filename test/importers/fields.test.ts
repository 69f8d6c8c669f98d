import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { topTable } from "../../importers/compose/later";
import { serviceTable } from "../../importers/compose/service";
import { additionalRuleTable } from "../../importers/copilot/additionalRules";
import { environmentTable } from "../../importers/copilot/environment";
import { kinds } from "../../importers/copilot/kinds";
import { pipelineTable, type PipelineUse } from "../../importers/copilot/pipeline";
import { Draft } from "../../importers/draft";
import { notKnown, Outcomes } from "../../importers/outcome";
import { applyTable, type Table } from "../../importers/rules";
import { leaves, type SourceNode } from "../../importers/source";

interface Documented<T> {
  readonly source: string;
  readonly fields: T;
}

function documented<T>(file: string): T {
  const text = readFileSync(join(__dirname, "data", file), "utf8");
  return (JSON.parse(text) as Documented<T>).fields;
}

const unused: PipelineUse = {
  ...{ environment: undefined, stack: undefined, part: "none", promotesTo: undefined },
  source: notKnown,
};

/** A manifest that has this one field. */
function nodeWith(keys: readonly string[], path = ""): SourceNode {
  const place = { file: "manifest.yml", line: 1, path };
  const [key, ...rest] = keys;
  if (key === undefined) return { ...place, value: "1" };
  const name = key === "*" ? "0" : key;
  const isList = key === "*";
  const at = isList ? `${path}[0]` : path === "" ? name : `${path}.${name}`;
  return { ...place, isList, children: new Map([[name, nodeWith(rest, at)]]) };
}

function unknownOf(table: Table, fields: readonly string[]): string[] {
  // What has fields below it is known by these.
  const single = fields.filter((field) => !fields.some((each) => each.startsWith(`${field}.`)));
  assert.ok(single.length > 0);
  return single.filter((field) => {
    const draft = new Draft("staging", new Outcomes());
    const root = nodeWith(field.split("."));
    applyTable(table, root, { service: "web", draft, resolve: (text) => text });
    return leaves(root).some((leaf) => [notKnown, undefined].includes(draft.outcomes.of(leaf)));
  });
}

describe("every documented field has a rule", () => {
  const copilot = documented<Readonly<Record<string, readonly string[]>>>("copilotFields.json");
  const tables: Readonly<Record<string, Table>> = {
    ...Object.fromEntries(Object.entries(kinds).map(([name, { table }]) => [name, table])),
    ...{ environment: environmentTable, pipeline: pipelineTable(nodeWith([]), unused) },
  };

  it("has the same kinds as Copilot's documentation", () => {
    assert.deepEqual(Object.keys(tables).sort(), Object.keys(copilot).sort());
  });

  for (const [name, fields] of Object.entries(copilot)) {
    it(`of Copilot's ${name}`, () => {
      assert.deepEqual(unknownOf(tables[name], fields), []);
    });
  }

  it("of the rules beside a service's first one", () => {
    const prefix = "http.additional_rules.";
    const fields = copilot["Load Balanced Web Service"].filter((field) => field.startsWith(prefix));
    const below = fields.map((field) => field.slice(prefix.length));
    assert.deepEqual(unknownOf(additionalRuleTable(), below), []);
  });

  const compose = documented<readonly string[]>("composeFields.json");
  const prefix = "services.*.";

  it("of a service of Compose", () => {
    const fields = compose.filter((field) => field.startsWith(prefix));
    assert.deepEqual(
      unknownOf(
        serviceTable,
        fields.map((field) => field.slice(prefix.length)),
      ),
      [],
    );
  });

  it("of Compose beside the services", () => {
    assert.deepEqual(
      unknownOf(
        topTable,
        compose.filter((field) => !field.startsWith("services")),
      ),
      [],
    );
  });

  it("and one that nobody documents has none", () => {
    const [table] = Object.values(tables);
    assert.deepEqual(unknownOf(table, ["http.nosuch", "image.build.nosuch"]), [
      "http.nosuch",
      "image.build.nosuch",
    ]);
    assert.deepEqual(unknownOf(serviceTable, ["nosuch.deep"]), ["nosuch.deep"]);
  });
});
