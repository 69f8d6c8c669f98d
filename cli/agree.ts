import { Option } from "commander";
import { variables } from "../contract/variables";
import { DeliveryError } from "../delivery/errors";
import type * as Prompts from "./ask";
import { isPersonHere, load, tell } from "./command";

/** Asks a question to which the answer is yes or no. */
type Ask = (question: string) => Promise<boolean>;

export interface AgreeOptions {
  readonly yes?: boolean;
}

/** Of each command that changes something. */
export function yesOption(): Option {
  return new Option("-y, --yes", "do it without a question");
}

/**
 * Says what is about to be done, and asks whether it may be.
 * @param acts one a line, such as `web: 3 tasks are replaced, one after another`.
 * @param ask default: on this process's terminal.
 * @throws DeliveryError where the answer is no, or nobody is there to answer.
 */
export async function agree(
  acts: readonly string[],
  { yes = false }: AgreeOptions,
  ask: Ask | undefined = onTerminal(),
): Promise<void> {
  for (const act of acts) tell(act);
  refuseDryRun();
  if (yes) return;
  if (ask === undefined) {
    throw new DeliveryError(
      "nobody is here to be asked: give --yes, if that is what you want. Nothing was done.",
    );
  }
  if (!(await ask("Do it?"))) throw new DeliveryError("not agreed to, so nothing was done");
}

/** @throws DeliveryError where nothing is to be done: whoever asks a person in our place wants to know what would be. */
export function refuseDryRun(): void {
  if (!process.env[variables.dryRun]) return;
  throw new DeliveryError(`${variables.dryRun} is set, so nothing was done`);
}

function onTerminal(): Ask | undefined {
  return isPersonHere() ? (question) => load<typeof Prompts>("./ask").confirm(question) : undefined;
}
