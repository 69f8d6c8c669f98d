import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ImportError } from "./importError";
import type { Imported } from "./imported";
import { reportText } from "./report";
import { stackText } from "./stackText";
import { keepWhatIsValid, namesServices } from "./valid";

/** What the report is called. */
export const reportFile = "import-report.md";

/**
 * Checks the config, and writes it with its report.
 * @param folder does not exist yet, or is empty.
 * @returns the files that were written.
 * @throws ImportError where something is there: nothing is overwritten.
 */
export function writeImport(imported: Imported, folder: string, region?: string): string[] {
  refuseFull(folder);
  for (const draft of imported.drafts) {
    keepWhatIsValid(draft, imported.project);
    draft.settle();
  }
  const texts = imported.drafts
    .filter(namesServices)
    .map((draft): [string, string] => [`Pulumi.${draft.stack}.yaml`, stackText(draft, region)]);
  texts.push([reportFile, reportText(imported)]);
  mkdirSync(folder, { recursive: true });
  return texts.map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text, { flag: "wx" });
    return path;
  });
}

/** @throws ImportError where something is in the folder. */
export function refuseFull(folder: string): void {
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isDirectory()) {
    throw new ImportError(
      `${folder} is a file: name a folder for what is imported, --output <folder>`,
    );
  }
  if (readdirSync(folder).length > 0) {
    throw new ImportError(
      `${folder} is not empty, and nothing is overwritten: name another folder, --output <folder>`,
    );
  }
}
