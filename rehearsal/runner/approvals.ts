import { createInterface } from "node:readline/promises";
import { ActionError } from "./errors";
import type { OpenApproval } from "./openApproval";

/** What becomes of approvals: `ask` asks at the terminal, and whoever answers by CodePipeline's API. */
export type ApprovalChoice = "grant" | "reject" | "ask" | "timeOut";

export interface ApprovalQuestion {
  readonly pipeline: string;
  readonly action: string;
  /** The approval's CustomData: the evidence in brief. */
  readonly message: string;
  readonly link?: string;
  /** Where the API is that it can be answered by. */
  readonly endpoint: string;
  /** Has it wait in the API, too. */
  readonly open: () => Promise<OpenApproval>;
}

/** Decides approvals. */
export interface Approvals {
  /** @param signal ends the wait. */
  decide(question: ApprovalQuestion, signal: AbortSignal): Promise<Decision>;
}

export interface Decision {
  readonly result: "granted" | "rejected" | "timedOut";
  /** What whoever answered has to say. */
  readonly summary?: string;
}

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
      if (choice === "timeOut") return { result: "timedOut" };
      if (choice !== "ask") return { result: choice === "grant" ? "granted" : "rejected" };
      if (!terminal) {
        throw new ActionError(
          `${question.action} asks at the terminal and there is none: choose to grant or reject approvals instead`,
        );
      }
      return ask(terminal, question, signal, log);
    },
  };
}

function ownTerminal(): Terminal | null {
  return process.stdin.isTTY ? { input: process.stdin, output: process.stderr } : null;
}

/** The answer at the terminal goes the way of every other: of two, the first counts. */
async function ask(
  terminal: Terminal,
  { pipeline, action, message, link, endpoint, open }: ApprovalQuestion,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<Decision> {
  const approval = await open();
  log(
    `${pipeline} waits for the approval ${action}:\n\n${message}\n${link ? `\n${link}\n` : ""}\n` +
      `Answer here, or in another terminal by gantry approve or gantry reject with AWS_ENDPOINT_URL=${endpoint}`,
  );
  const ended = new AbortController();
  const waits = AbortSignal.any([signal, ended.signal]);
  try {
    const here = askAt(terminal, waits).then((isGranted) =>
      isGranted === undefined
        ? undefined
        : approval.put({ status: isGranted ? "Approved" : "Rejected" }),
    );
    const answered = approval.answered(waits).finally(() => ended.abort());
    const [answer] = await Promise.all([answered, here]);
    if (!answer) return { result: "timedOut" };
    const { status, summary } = answer;
    const result = status === "Approved" ? "granted" : "rejected";
    return { result, ...(summary ? { summary } : {}) };
  } finally {
    ended.abort();
    if (signal.aborted) await approval.expire();
  }
}

/** @returns undefined once the signal comes. */
async function askAt(
  { input, output }: Terminal,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const terminal = createInterface({ input, output });
  try {
    const answer = await terminal.question("Approve? (y/N) ", { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    terminal.close();
  }
}
