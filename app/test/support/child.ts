import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { LogLines, type LogLine } from "./logs";

export const appFolder = join(__dirname, "..", "..");

export interface Child {
  readonly process: ChildProcessWithoutNullStreams;
  readonly lines: readonly LogLine[];
  waitFor(message: string): Promise<LogLine>;
  /** After the last output: null as the code where a signal ended it. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }>;
}

const children = new Set<ChildProcessWithoutNullStreams>();

/** Runs a TypeScript entry point in a process of its own that gets `environment` and no more. */
export function spawnApp(entryPoint: string, environment: Readonly<Record<string, string>>): Child {
  const child = spawn(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", join(appFolder, entryPoint)],
    { cwd: appFolder, env: { ...environment } },
  );
  children.add(child);
  const logLines = new LogLines();
  createInterface(child.stdout).on("line", (line) => logLines.add(line));
  const stderr = text(child.stderr);
  const exited = once(child, "close").then(async ([code, signal]) => {
    children.delete(child);
    return {
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stderr: await stderr,
    };
  });
  return {
    process: child,
    lines: logLines.lines,
    waitFor: (message) => logLines.waitFor(message),
    exited,
  };
}

/** For `afterEach`: a test that failed half-way leaves no process behind. */
export function killChildren(): void {
  for (const child of children) child.kill("SIGKILL");
}
