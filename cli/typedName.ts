import { DeliveryError } from "../delivery/errors";
import { refuseDryRun } from "./agree";
import type * as Ask from "./ask";
import { isPersonHere, load } from "./command";

interface TypedName {
  readonly stack: string;
  /** What `--confirm` says. Default: it is asked for. */
  readonly confirm: string | undefined;
  /** What is done then: `destroy it`. */
  readonly to: string;
  /** What was not, where it is another: `Nothing was deleted.` */
  readonly nothing: string;
}

/**
 * Has the stack's name typed once more, for what must not happen to another one.
 * @throws DeliveryError where it is another, or nobody is here to type it.
 */
export async function requireName({ stack, confirm, to, nothing }: TypedName): Promise<void> {
  refuseDryRun();
  if (confirm === undefined && !isPersonHere()) {
    throw new DeliveryError(
      `nobody is here to type the stack's name: give --confirm ${stack}, if that is what you want. ${nothing}`,
    );
  }
  const { typed } = load<typeof Ask>("./ask");
  const who = confirm === undefined ? "what was typed is" : "--confirm says";
  const name = confirm ?? (await typed(`Type ${stack} to ${to}: `));
  if (name === stack) return;
  throw new DeliveryError(`${who} ${name || "nothing"}, and the stack is ${stack}. ${nothing}`);
}
