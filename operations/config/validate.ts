import { DeliveryError } from "../../delivery/errors";
import { readTarget } from "../../delivery/target";
import { ConfigError, type Fault } from "../../stacks/config";

/** What is wrong with the config of a stack. */
export interface ValidatedStack {
  readonly stack: string;
  /** In the order of the file; none where it is in order. */
  readonly faults: readonly Fault[];
  /** Absent where it could be read. */
  readonly unread?: string;
}

/** What `gantry config validate --json` answers, beside its `version`. */
export interface ValidatedConfig {
  readonly stacks: readonly ValidatedStack[];
}

/** Reads the config of stacks as the program does, and asks nobody else. */
export async function validateStacks(
  folder: string,
  stacks: readonly string[],
): Promise<{ readonly answer: ValidatedConfig; readonly texts: readonly string[] }> {
  const answers: ValidatedStack[] = [];
  const texts: string[] = [];
  for (const stack of stacks) {
    try {
      await readTarget(folder, stack);
      answers.push({ stack, faults: [] });
      texts.push(`${stack}: its config is in order`);
    } catch (error) {
      if (error instanceof ConfigError) {
        answers.push({ stack, faults: error.faults });
        texts.push(error.message);
      } else if (error instanceof DeliveryError) {
        const text = [error.message, ...error.details.map((line) => `  ${line}`)].join("\n");
        answers.push({ stack, faults: [], unread: text });
        texts.push(text);
      } else throw error;
    }
  }
  return { answer: { stacks: answers }, texts };
}
