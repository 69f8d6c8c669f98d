import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a file so that no process that reads it meanwhile ever sees half of it, or none.
 * @param mode of a new file. Default: 0o666 without what the process's mask takes away.
 */
export function writeWhole(file: string, content: string, mode?: number): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, content, { mode });
  renameSync(draft, file);
}
