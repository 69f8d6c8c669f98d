import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What became of the files. */
export interface Written {
  readonly made: readonly string[];
  /** They were there, with another content. */
  readonly kept: readonly string[];
  /** They were there as they would have been written. */
  readonly same: readonly string[];
}

/** Writes the files that are missing; what is there is never touched. */
export function writeProject(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Written {
  const [made, kept, same]: string[][] = [[], [], []];
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    if (existsSync(path)) {
      (readFileSync(path).equals(Buffer.from(content)) ? same : kept).push(name);
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    // Whoever writes it in this very moment wins.
    writeFileSync(path, content, { flag: "wx" });
    made.push(name);
  }
  return { made, kept, same };
}
