import { spawn } from "node:child_process";
import { DeliveryError } from "./errors";
import { maskedLines } from "./mask";

/** How a program is run. */
export interface RunOptions {
  /** Default: this process's folder. */
  readonly cwd?: string;
  /** The whole environment of the program. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** What it reads. Default: nothing. */
  readonly input?: string;
  /** Receives its output while it runs, standard output and errors alike. Default: nobody. */
  readonly onOutput?: (chunk: string) => void;
  /** What its output must not show: see `maskedLines`. Default: nothing. */
  readonly secrets?: readonly string[];
  /** Milliseconds until it and all that it started are killed: what it asks may never answer. Default: an hour. */
  readonly timeoutMs?: number;
}

/** How a program ended. */
export interface Finished {
  /** Undefined where a signal ended it. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly timedOut: boolean;
  /** What it was given. */
  readonly timeoutMs: number;
  readonly stdout: string;
  /** Standard output and errors as they came. */
  readonly output: string;
}

/** What a shell answers for a command that there is not. */
export const commandNotFound = 127;

const longestMs = 3_600_000;

/** Milliseconds for git, which asks nothing but this machine's disk. */
export const gitTimeoutMs = 60_000;

const keptCharacters = 4_000_000;
const leftoversMs = 1_000;
const shownLines = 15;

/**
 * Runs a program in a process group of its own, which ends with this process. A program that there is not ends with
 * the code 127; nothing is thrown.
 */
export function tryRun(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const { cwd, env = process.env, input, onOutput, timeoutMs = longestMs } = options;
    const { secrets = [] } = options;
    const child = spawn(command, args, {
      cwd,
      env,
      detached: true,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    let stdout = "";
    let output = "";
    let timedOut = false;
    const take = (chunk: string) => {
      output = (output + chunk).slice(-keptCharacters);
      onOutput?.(chunk);
    };
    const out = maskedLines(secrets, (chunk) => {
      stdout = (stdout + chunk).slice(-keptCharacters);
      take(chunk);
    });
    const errors = maskedLines(secrets, take);
    child.stdout?.setEncoding("utf8").on("data", out.write).on("end", out.end);
    child.stderr?.setEncoding("utf8").on("data", errors.write).on("end", errors.end);
    // A program that ends without reading its input closes the pipe: its exit code tells.
    child.stdin?.on("error", () => undefined).end(input);

    const killGroup = () => endGroup(child.pid, "SIGKILL");
    const forward = (signal: NodeJS.Signals) => {
      endGroup(child.pid, signal);
      stop();
      process.kill(process.pid, signal);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup();
    }, timeoutMs);
    const stop = () => {
      clearTimeout(timer);
      process.off("exit", killGroup).off("SIGINT", forward).off("SIGTERM", forward);
    };
    process.on("exit", killGroup).on("SIGINT", forward).on("SIGTERM", forward);

    child.once("error", (error: NodeJS.ErrnoException) => {
      stop();
      const code = error.code === "ENOENT" ? commandNotFound : 126;
      resolve({
        ...{ code, signal: undefined, timedOut, timeoutMs, stdout },
        output: output + error.message,
      });
    });
    let leftovers: NodeJS.Timeout | undefined;
    child.once("exit", () => {
      // What it left behind may hold its output open for ever.
      leftovers = setTimeout(killGroup, leftoversMs);
    });
    child.once("close", (code, signal) => {
      clearTimeout(leftovers);
      stop();
      resolve({
        code: code ?? undefined,
        signal: signal ?? undefined,
        ...{ timedOut, timeoutMs, stdout, output },
      });
    });
  });
}

/**
 * Runs a program that must succeed, and answers what it printed to standard output.
 * @param task what it is for, as in "copying web": begins the error.
 * @throws DeliveryError with its exit code and last lines.
 */
export async function run(
  task: string,
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const finished = await tryRun(command, args, options);
  if (finished.code !== 0) {
    throw new DeliveryError(
      `${task} failed: ${command} ${args[0] ?? ""} ${describeEnd(finished)}`.replace("  ", " "),
      lastLines(finished.output, shownLines),
    );
  }
  return finished.stdout;
}

/** `ended with exit code 3`, `was ended by SIGKILL`, `took too long and was ended after 120 s`. */
export function describeEnd({ code, signal, timedOut, timeoutMs }: Finished): string {
  if (timedOut) return `took too long and was ended after ${Math.round(timeoutMs / 1000)} s`;
  if (code === commandNotFound) return "was not found";
  return code === undefined ? `was ended by ${signal}` : `ended with exit code ${code}`;
}

/** The last lines that say something. */
export function lastLines(text: string, count: number): string[] {
  const lines = text.split(/\r?\n|\r/).map((line) => line.trimEnd());
  return lines.filter((line) => line !== "").slice(-count);
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Whether a process of this machine is there, whoever it belongs to. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
