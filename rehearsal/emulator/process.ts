import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, resolve as resolvePath } from "node:path";
import type { Readable } from "node:stream";
import { emulatorFolder } from "./python";

/** How to run the server process. */
export interface ServerOptions {
  readonly python: string;
  readonly logFile: string;
  readonly nonce: string;
  readonly detached: boolean;
  /** Milliseconds until a server that has not reported its port is given up. */
  readonly readyTimeoutMs: number;
}

/** The server process and the port that it reported. */
export interface Server {
  readonly child: ChildProcess;
  readonly port: number;
  readonly pid: number;
}

/** The last lines of a log file, for an error message; empty when there is no such file. */
export function lastLines(file: string, count = 20): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-count).join("\n");
  } catch {
    return "";
  }
}

/**
 * Starts the server and waits until it listens.
 *
 * Unless detached, the server holds the reading end of a pipe whose other end is this process's alone: it ends when the
 * pipe does, which the kernel sees to even when this process is killed. Neither keeps this process alive.
 *
 * @throws Error with the last lines of the log when it ends or stays silent.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  mkdirSync(dirname(resolvePath(options.logFile)), { recursive: true });
  const log = openSync(options.logFile, "w");
  const args = ["-m", "emulator", "--report-fd", "3"];
  try {
    const child = spawn(
      options.python,
      options.detached ? args : [...args, "--until-stdin-closes"],
      {
        cwd: emulatorFolder,
        env: serverEnvironment(options.nonce),
        stdio: [options.detached ? "ignore" : "pipe", log, log, "pipe"],
        detached: options.detached,
      },
    );
    const port = await reportedPort(child, options);
    letGo(child);
    return { child, port, pid: child.pid as number };
  } finally {
    closeSync(log);
  }
}

function serverEnvironment(nonce: string): NodeJS.ProcessEnv {
  const path = [dirname(emulatorFolder), process.env.PYTHONPATH].filter(Boolean).join(":");
  return {
    ...process.env,
    PYTHONPATH: path,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONUNBUFFERED: "1",
    GANTRY_EMULATOR_NONCE: nonce,
  };
}

function reportedPort(child: ChildProcess, options: ServerOptions): Promise<number> {
  const report = child.stdio[3] as Readable;
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(
      () => fail(`did not listen within ${options.readyTimeoutMs} ms`),
      options.readyTimeoutMs,
    );
    const fail = (what: string) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      const log = lastLines(options.logFile);
      const shown = log ? `its last log lines:\n${log}` : "its log is empty";
      reject(new Error(`the emulator ${what}; ${shown}\n(log: ${options.logFile})`));
    };
    child.once("error", (error) => fail(`cannot be run (${error.message})`));
    // "close" and not "exit": by then the log is written.
    child.once("close", (code, signal) => fail(`ended with ${code ?? signal} before it listened`));
    report.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("\n")) {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve((JSON.parse(text) as { port: number }).port);
      }
    });
  });
}

/** Lets this process end by itself while the server runs. */
function letGo(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) {
    (stream as unknown as { unref?: () => void } | null)?.unref?.();
  }
}
