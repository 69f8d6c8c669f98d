import { createInterface } from "node:readline";
import confirmPrompt from "@inquirer/confirm";
import selectPrompt from "@inquirer/select";
import { DeliveryError } from "../delivery/errors";

// The standard output is for the answer of the command.
const terminal = { output: process.stderr };

/**
 * Asks on this process's terminal for one of several. An empty answer means none of them.
 * @throws DeliveryError where it is none, or there is no answer (Ctrl-C, Ctrl-D).
 */
export async function choose(question: string, choices: readonly string[]): Promise<string> {
  const none = { name: "none: end here", value: "" };
  const all = [none, ...choices.map((value) => ({ value }))];
  const chosen = await answered(selectPrompt({ message: question, choices: all }, terminal));
  if (chosen === "") throw new DeliveryError("none was chosen, so nothing was done");
  return chosen;
}

/**
 * Asks a question to which the answer is yes or no.
 * @param empty what an empty one means. Default: no.
 * @throws DeliveryError as of {@link choose}.
 */
export function confirm(question: string, empty = false): Promise<boolean> {
  return answered(confirmPrompt({ message: question, default: empty }, terminal));
}

async function answered<T>(prompt: Promise<T>): Promise<T> {
  try {
    return await prompt;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ExitPromptError") throw error;
    throw new DeliveryError("that was not answered, so nothing was done", [], { cause: error });
  }
}

/** Asks for a line on this process's terminal. @returns without blanks around it; nothing where there is no answer (Ctrl-C, Ctrl-D). */
export function typed(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise<string>((answered) => {
    const left = () => {
      process.stderr.write("\n");
      answered("");
    };
    lines.once("close", left);
    lines.question(question, (text) => {
      lines.off("close", left);
      answered(text.trim());
    });
  }).finally(() => lines.close());
}
