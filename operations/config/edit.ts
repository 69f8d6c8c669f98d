import { readFileSync, realpathSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { DeliveryError, messageOf } from "../../delivery/errors";
import { requireStack, stackFileOf } from "../../delivery/target";
import { copyBeside, readIfThere, replaceBy } from "./replace";
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
  const copy = copyBeside(file, before, "edit");
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
