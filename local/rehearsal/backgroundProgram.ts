import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { lastLines } from "../emulator/process";

/** A program that runs until it is stopped, in a process group of its own. */
export class BackgroundProgram {
  private readonly child: ChildProcess;
  private ended: string | undefined;

  constructor(
    command: string,
    args: readonly string[],
    private readonly options: {
      readonly cwd?: string;
      readonly env: NodeJS.ProcessEnv;
      readonly logFile: string;
    },
  ) {
    mkdirSync(dirname(options.logFile), { recursive: true });
    const log = openSync(options.logFile, "a");
    const { cwd, env } = options;
    this.child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", log, log] });
    closeSync(log);
    this.child.once("error", (error) => (this.ended = error.message));
    this.child.once("exit", (code, signal) => (this.ended ??= `ended with ${code ?? signal}`));
    process.once("exit", this.kill);
  }

  /**
   * Waits until something answers HTTP at the URL, whatever it answers.
   * @throws Error with the last lines of the log when the program ends before, or the time is over.
   */
  async answersAt(url: string, timeoutMs = 30_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      if (await answers(url)) return;
      const reason = this.ended ?? (Date.now() > deadline ? "did not listen in time" : undefined);
      if (reason !== undefined) {
        throw new Error(`the container ${reason}:\n${lastLines(this.options.logFile, 10)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Kills it with all that it started. A rehearsal does not ask how gently it ends. */
  async stop(): Promise<void> {
    process.off("exit", this.kill);
    if (this.ended !== undefined) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.kill();
    await gone;
  }

  private readonly kill = (): void => {
    if (this.child.pid === undefined || this.ended !== undefined) return;
    try {
      process.kill(-this.child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(1_000), redirect: "manual" });
    return true;
  } catch {
    return false;
  }
}

/** A port of the loopback interface that nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address
          ? resolve(address.port)
          : reject(new Error("no port")),
      );
    });
  });
}
