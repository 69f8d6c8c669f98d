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
    (isWritten(path, content) ? made : kept).push(name);
  }
  return { made, kept, same };
}

/** False where something is there by now, or a link that leads nowhere: whoever made it wins. */
function isWritten(path: string, content: string | Uint8Array): boolean {
  try {
    writeFileSync(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
