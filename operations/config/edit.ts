import {
  chmodSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { DeliveryError, messageOf } from "../../delivery/errors";
import { requireStack, stackFileOf } from "../../delivery/target";
import { validateStack } from "./validate";

export interface EditOptions {
  readonly folder: string;
  readonly stack: string;
  /** Has a person edit a file. @throws where that failed. */
  readonly edit: (file: string) => Promise<void>;
  /** Says what is wrong, and asks whether to go on. @throws where there is no answer. */
  readonly again: (faults: string) => Promise<boolean>;
}

/**
 * Has a person edit a copy of a stack's file, and puts it in the file's place, byte for byte, once its config is in order. What was
 * typed is never lost: where it does not come to that, the error says where the copy is.
 * @returns whether something was changed.
 * @throws DeliveryError where the person gives up, the editor fails, or somebody else changed the file meanwhile.
 */
export async function editConfig({
  folder,
  stack,
  edit,
  again,
}: EditOptions): Promise<{ readonly isChanged: boolean }> {
  requireStack(folder, stack);
  const name = basename(stackFileOf(folder, stack));
  // Where it is a link, what it leads to is replaced.
  const file = realpathSync(stackFileOf(folder, stack));
  const before = readFileSync(file);
  const copy = copyOf(file, before);
  const ended = (why: string, details: readonly string[] = []) => {
    const typed = readIfThere(copy);
    const isKept = typed !== undefined && !typed.equals(before);
    if (!isKept) rmSync(copy, { force: true });
    const kept = isKept ? `; what was typed is in ${copy}` : "";
    return new DeliveryError(`${why}: ${name} is as it was${kept}`, details);
  };
  for (;;) {
    try {
      await edit(copy);
    } catch (error) {
      throw ended(messageOf(error));
    }
    const typed = readIfThere(copy);
    if (typed === undefined) throw ended("the editor left no file");
    if (typed.equals(before)) {
      rmSync(copy);
      return { isChanged: false };
    }
    const { isInOrder, text } = await validateStack(folder, stack, {
      ...{ file: copy, unchanged: "it is not in its place yet" },
    });
    if (isInOrder) {
      const fault = replaceBy(copy, typed, { file, before });
      if (fault !== undefined) throw ended(fault);
      return { isChanged: true };
    }
    let goesOn: boolean;
    try {
      goesOn = await again(text);
    } catch (error) {
      throw ended(messageOf(error));
    }
    if (!goesOn) throw ended("given up");
  }
}

/** Beside the file, for editors that know it by its folder, and since a change of name is one step there. */
function copyOf(file: string, content: Buffer): string {
  const [folder, name] = [dirname(file), basename(file, ".yaml")];
  for (let number = 1; ; number++) {
    // A name that is no stack's: those begin with `Pulumi.`.
    const copy = join(folder, `.${name}.edit-${number}.yaml`);
    try {
      writeFileSync(copy, content, { flag: "wx", mode: statSync(file).mode });
      return copy;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw new DeliveryError(
        `no copy to edit can be written beside ${file}: ${messageOf(error)}. Nothing was changed`,
      );
    }
  }
}

interface Original {
  readonly file: string;
  readonly before: Buffer;
}

/** @returns why it was not done. */
function replaceBy(copy: string, typed: Buffer, { file, before }: Original): string | undefined {
  const now = readIfThere(file);
  if (now === undefined) return "somebody took the file away meanwhile";
  // Between here and the change of the name nothing else of this process runs.
  if (!now.equals(before)) {
    return "somebody else changed the file meanwhile, and that would be lost";
  }
  if (!readIfThere(copy)?.equals(typed)) return "the copy was changed after it was checked";
  try {
    // An editor may have made it anew.
    chmodSync(copy, statSync(file).mode & 0o7777);
    renameSync(copy, file);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
