import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A temporary folder with the given files (those of a first line `#!` are executable); gone after the test. */
export function folderWith(files: Record<string, string> = {}): string {
  const root = mkdtempSync(join(tmpdir(), "gantry-engine-test-"));
  folders.push(root);
  for (const [name, text] of Object.entries(files)) addFile(root, name, text);
  return root;
}

export function addFile(root: string, name: string, text: string): string {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  return file;
}

const folders: string[] = [];

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
