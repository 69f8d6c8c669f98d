import { createInterface } from "node:readline";
import { DeliveryError } from "../../delivery/errors";

/** Questions to a person at a terminal. */
export interface Asking {
  /**
   * @param proposal what an empty answer means.
   * @param fault what is wrong with an answer, which is then asked for again.
   */
  text(
    question: string,
    proposal: string,
    fault?: (answer: string) => string | undefined,
  ): Promise<string>;
  /** An empty answer means yes. */
  confirm(question: string): Promise<boolean>;
}

interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks on this process's terminal, or another one, while `work` runs: several questions, to which answers may be piped or pasted at
 * once. `cli/ask.ts` asks one, with a library whose prompts each begin anew and lose what was typed ahead.
 * @throws DeliveryError where the terminal ends (Ctrl-C, Ctrl-D) before all is answered.
 */
export async function withTerminal<T>(
  work: (asking: Asking) => Promise<T>,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<T> {
  const lines = createInterface({ input, output });
  // What is typed or pasted ahead of a question answers it.
  const answers = lines[Symbol.asyncIterator]();
  const answerTo = async (question: string): Promise<string> => {
    lines.setPrompt(question);
    lines.prompt();
    const next = await answers.next();
    if (next.done) throw new DeliveryError("that was not answered, so nothing was written");
    return next.value.trim();
  };
  const text: Asking["text"] = async (question, proposal, fault) => {
    for (;;) {
      const shown = proposal === "" ? "" : ` [${proposal}]`;
      const answer = (await answerTo(`${question}${shown}: `)) || proposal;
      const wrong = fault?.(answer);
      if (wrong === undefined) return answer;
      output.write(`  ${wrong}\n`);
    }
  };
  const confirm: Asking["confirm"] = async (question) => {
    const fault = (answer: string) =>
      /^(y(es)?|no?)$/i.test(answer) ? undefined : "Answer yes or no.";
    return /^y/i.test(await text(`${question} (yes or no)`, "yes", fault));
  };
  try {
    return await work({ text, confirm });
  } finally {
    lines.close();
  }
}
