import { spawn, type StdioOptions } from "node:child_process";

export interface Attached {
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Which keys of the terminal are the other program's alone. Default: those of Ctrl-C, Ctrl-\ and Ctrl-Z. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Default: all of this process's. */
  readonly stdio?: StdioOptions;
}

/**
 * Hands this process's terminal to another program and waits for its end. Ctrl-C and the like reach it by the terminal.
 * @returns its exit code; undefined where a signal ended it.
 * @throws Error of node's where it cannot be started.
 */
export function attached(
  command: string,
  args: readonly string[],
  {
    env = process.env,
    signals = ["SIGINT", "SIGQUIT", "SIGTSTP"],
    stdio = "inherit",
  }: Attached = {},
): Promise<number | undefined> {
  const ignored = () => undefined;
  for (const signal of signals) process.on(signal, ignored);
  return new Promise<number | undefined>((resolve, reject) => {
    const child = spawn(command, args, { stdio, env });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? undefined));
  }).finally(() => {
    for (const signal of signals) process.off(signal, ignored);
  });
}
