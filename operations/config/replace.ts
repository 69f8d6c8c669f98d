import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DeliveryError, messageOf } from "../../delivery/errors";

/**
 * A file with a content, to be put in the place of another one: beside it, for editors that know it by its folder, and since a change of
 * name is one step there.
 * @param why what it is for, in its name.
 * @throws DeliveryError where none can be written.
 */
export function copyBeside(file: string, content: Buffer, why: string): string {
  const [folder, name] = [dirname(file), basename(file, ".yaml")];
  for (let number = 1; ; number++) {
    // A name that is no stack's: those begin with `Pulumi.`.
    const copy = join(folder, `.${name}.${why}-${number}.yaml`);
    try {
      writeFileSync(copy, content, { flag: "wx", mode: modeOf(file) });
      return copy;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw new DeliveryError(
        `no copy to ${why} can be written beside ${file}: ${messageOf(error)}. Nothing was changed`,
      );
    }
  }
}

export interface Original {
  readonly file: string;
  /** What stands there; undefined where there is no such file. */
  readonly before: Buffer | undefined;
}

/**
 * Puts a copy in the file's place, with the file's own mode.
 * @param content what the copy must still be.
 * @returns why it was not done.
 */
export function replaceBy(
  copy: string,
  content: Buffer,
  { file, before }: Original,
): string | undefined {
  const now = readIfThere(file);
  if (now === undefined && before !== undefined) return "somebody took the file away meanwhile";
  // Between here and the change of the name nothing else of this process runs.
  if (now !== undefined && !(before && now.equals(before))) {
    return "somebody else changed the file meanwhile, and that would be lost";
  }
  if (!readIfThere(copy)?.equals(content)) return "the copy was changed after it was checked";
  try {
    // An editor may have made it anew.
    const mode = modeOf(file);
    if (mode !== undefined) chmodSync(copy, mode);
    renameSync(copy, file);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

export function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Of a file that there is not, nothing. */
function modeOf(file: string): number | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && found.mode & 0o7777;
}
