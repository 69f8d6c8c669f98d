import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Imported } from "../../importers/imported";
import { rowsOf, type Row } from "../../importers/rows";
import { reportText } from "../../importers/report";
import { leaves } from "../../importers/source";
import { stackText } from "../../importers/stackText";
import { keepWhatIsValid } from "../../importers/valid";
import { readEngineConfig } from "../../stacks/config/engineYaml";

/** A folder with these files, for as long as `use` takes. */
export function inFolder<T>(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), "gantry-import-"));
  try {
    lay(files, folder);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Checked as it is before it is written. */
export function checked(imported: Imported): Imported {
  for (const draft of imported.drafts) {
    keepWhatIsValid(draft, imported.project);
    draft.settle();
  }
  return imported;
}

/** What became of a field, as `line: became`, by stack where they differ. */
export function became(imported: Imported, path: string): string[] {
  return rowsOf(imported)
    .filter(({ node }) => node.path === path)
    .flatMap(describe);
}

function describe({ node, outcomes }: Row): string[] {
  return outcomes.map(
    ({ stacks, outcome }) =>
      `${node.line}: ${outcome.became}${stacks.length === 0 ? "" : ` (${stacks.join(", ")})`}`,
  );
}

/**
 * Whatever the report calls the same is in the config, the config is read back from its file as it was written, and every
 * value that is no service's name has a row.
 */
export function assertTrue(imported: Imported): void {
  const rows = rowsOf(imported);
  assert.equal(rows.length, imported.sources.flatMap(leaves).length);
  for (const { node, outcomes } of rows) {
    for (const { stacks, outcome } of outcomes) {
      if (outcome.became !== "same") continue;
      for (const draft of imported.drafts) {
        if (stacks.length > 0 && !stacks.includes(draft.stack)) continue;
        const path = outcome.to.split(".");
        assert.ok(draft.has(path), `${node.path}: ${outcome.to} is not in ${draft.stack}'s config`);
      }
    }
  }
  reportText(imported);
  for (const draft of imported.drafts) {
    const { values, rewritten } = readEngineConfig(stackText(draft, "eu-west-1"));
    assert.deepEqual(rewritten, []);
    for (const [key, value] of Object.entries(draft.values())) {
      const read = values[`gantry:${key}`];
      if (typeof value === "string") assert.equal(read, value);
      else assert.deepEqual(JSON.parse(read), JSON.parse(JSON.stringify(value)));
    }
  }
}

/** The same for what takes its time. */
export async function inFolderAsync(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gantry-import-"));
  try {
    lay(files, folder);
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function lay(files: Readonly<Record<string, string>>, folder: string): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
