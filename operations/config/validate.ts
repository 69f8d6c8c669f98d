import { DeliveryError } from "../../delivery/errors";
import { readStackFile, readTarget } from "../../delivery/target";
import { ConfigError, type Fault } from "../../stacks/config";
import { describeFaults } from "../../stacks/config/fault";
import { linesOf } from "./lines";

/** What is wrong with the config of a stack. */
export interface ValidatedStack {
  readonly stack: string;
  /** In the order of the file; none where it is in order. */
  readonly faults: readonly LocatedFault[];
  /** Absent where it could be read. */
  readonly unread?: string;
}

export interface LocatedFault extends Fault {
  /** Of the file, from 1: where it stands, or else what it belongs to. Absent of what stands in no line. */
  readonly line?: number;
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
    const { answer, text } = await validateStack(folder, stack);
    answers.push(answer);
    texts.push(text);
  }
  return { answer: { stacks: answers }, texts };
}

interface Validated {
  readonly isInOrder: boolean;
  readonly answer: ValidatedStack;
  /** For people. */
  readonly text: string;
}

/**
 * The same of one stack.
 * @param options.file what is read in place of its file.
 * @param options.unchanged what did not happen for its faults.
 */
export async function validateStack(
  folder: string,
  stack: string,
  { file, unchanged = "nothing was created" }: { file?: string; unchanged?: string } = {},
): Promise<Validated> {
  try {
    await readTarget(folder, stack, process.env, file);
    const text = `${stack}: its config is in order`;
    return { isInOrder: true, answer: { stack, faults: [] }, text };
  } catch (error) {
    if (error instanceof ConfigError) {
      const lines = linesOf((await readStackFile(folder, stack, file)).text);
      const faults = error.faults.map((fault): LocatedFault => {
        const line = lines.ofFault(fault.path);
        return line === undefined ? fault : { ...fault, line };
      });
      const text = describeFaults(`Pulumi.${stack}.yaml has`, faults.map(withLine), unchanged);
      return { isInOrder: false, answer: { stack, faults }, text };
    }
    if (!(error instanceof DeliveryError)) throw error;
    const text = [error.message, ...error.details.map((line) => `  ${line}`)].join("\n");
    return { isInOrder: false, answer: { stack, faults: [], unread: text }, text };
  }
}

function withLine({ line, ...fault }: LocatedFault): Fault {
  return line === undefined ? fault : { ...fault, path: `${fault.path} (line ${line})` };
}
