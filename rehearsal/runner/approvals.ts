import { createInterface } from "node:readline/promises";
import { ActionError } from "./errors";

/** What becomes of approvals: `ask` asks at the terminal. */
export type ApprovalChoice = "grant" | "reject" | "ask" | "timeOut";

export interface ApprovalQuestion {
  readonly pipeline: string;
  readonly action: string;
  /** The approval's CustomData: the evidence in brief. */
  readonly message: string;
  readonly link?: string;
}

/** Decides approvals. */
export interface Approvals {
  /** @param signal ends the wait. */
  decide(question: ApprovalQuestion, signal: AbortSignal): Promise<Decision>;
}

export type Decision = "granted" | "rejected" | "timedOut";

/** Where a person is asked. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Approvals that are decided as chosen; to `ask` where there is no terminal, which would wait for ever, fails the action.
 */
export function approvalsBy(
  choice: ApprovalChoice,
  log: (line: string) => void,
  terminal: Terminal | null = ownTerminal(),
): Approvals {
  return {
    decide: async (question, signal) => {
      if (choice === "timeOut") return "timedOut";
      if (choice !== "ask") return choice === "grant" ? "granted" : "rejected";
      if (!terminal) {
        throw new ActionError(
          `${question.action} asks at the terminal and there is none: choose to grant or reject approvals instead`,
        );
      }
      return askAt(terminal, question, signal, log);
    },
  };
}

function ownTerminal(): Terminal | null {
  return process.stdin.isTTY ? { input: process.stdin, output: process.stderr } : null;
}

async function askAt(
  { input, output }: Terminal,
  { pipeline, action, message, link }: ApprovalQuestion,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<Decision> {
  log(`${pipeline} waits for the approval ${action}:\n\n${message}\n${link ? `\n${link}\n` : ""}`);
  const terminal = createInterface({ input, output });
  try {
    const answer = await terminal.question("Approve? (y/N) ", { signal });
    return /^y(es)?$/i.test(answer.trim()) ? "granted" : "rejected";
  } catch (error) {
    if (signal.aborted) return "timedOut";
    throw error;
  } finally {
    terminal.close();
  }
}
