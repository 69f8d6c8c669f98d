import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { connect, createServer } from "node:net";
import { dirname } from "node:path";
import { lastLines } from "../emulator/process";

/** A container that ended by itself, or never listened. */
export class ContainerEnded extends Error {
  constructor(
    /** Such as `ended with 1`. */
    reason: string,
    /** Its exit code, where it has one. */
    readonly code: number | undefined,
    /** What it said last. */
    readonly lines: readonly string[],
  ) {
    super(`the container ${reason}:\n${lines.join("\n")}`);
    this.name = "ContainerEnded";
  }
}

/** How many of its last lines are told of a program that fails: an error of Node with its trace has twenty. */
const toldLines = 40;

/**
 * Arguments: a command that is run when this process was killed, or nothing; then the program and its arguments. The third
 * descriptor is a pipe that this process alone holds: when it ends, however it does, the group ends.
 */
const watched = `
orphaned=$1
shift
"$@" 3<&- &
program=$!
( read -r _ <&3; eval "$orphaned"; kill -s KILL -- -$$ ) >/dev/null 2>&1 &
exec 3<&-
wait $program
`;

/** A program that runs until it is stopped, or this process ends, in a process group of its own. */
export class BackgroundProgram {
  private readonly child: ChildProcess;
  private ended: string | undefined;
  private code: number | undefined;

  constructor(
    command: string,
    args: readonly string[],
    private readonly options: {
      readonly cwd?: string;
      readonly env: NodeJS.ProcessEnv;
      readonly logFile: string;
      /** A command of a shell for what does not end with the program, where this process is killed. Default: none. */
      readonly orphaned?: string;
      /** Lines of the log that are not what the container said, but what runs it. Default: none. */
      readonly foreign?: RegExp;
    },
  ) {
    mkdirSync(dirname(options.logFile), { recursive: true });
    const log = openSync(options.logFile, "a");
    const { cwd, env, orphaned = "" } = options;
    this.child = spawn("/bin/sh", ["-c", watched, "sh", orphaned, command, ...args], {
      ...{ cwd, env, detached: true },
      stdio: ["ignore", log, log, "pipe"],
    });
    closeSync(log);
    this.child.once("error", (error) => (this.ended = error.message));
    this.child.once("exit", (code, signal) => {
      this.killGroup();
      this.ended ??= `ended with ${code ?? signal}`;
      this.code = code ?? undefined;
    });
    process.on("exit", this.kill).on("SIGINT", this.endWith).on("SIGTERM", this.endWith);
  }

  /** Whether it has not ended by itself. */
  runs(): boolean {
    return this.ended === undefined;
  }

  /**
   * Waits until something answers at one of the URLs.
   * @param urls asked for anew each time, since a container's are known when it runs.
   * @param answers HTTP, whatever it says. Default; what need not speak HTTP is asked whether it `accepts`.
   * @returns the URL that does.
   * @throws ContainerEnded with the last lines of the log when the program ends before, or the time is over.
   */
  async answersAt(
    urls: () => Promise<readonly string[]>,
    answers: (url: string) => Promise<boolean> = answersHttp,
    timeoutMs = 30_000,
  ): Promise<string> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      for (const url of await urls()) if (await answers(url)) return url;
      const reason = this.ended ?? (Date.now() > deadline ? "did not listen in time" : undefined);
      if (reason !== undefined) throw this.failure(reason);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /**
   * Waits whether it goes on running.
   * @throws ContainerEnded where it does not.
   */
  async staysFor(milliseconds: number): Promise<void> {
    const deadline = Date.now() + milliseconds;
    while (Date.now() < deadline) {
      if (this.ended !== undefined) throw this.failure(this.ended);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private failure(reason: string): ContainerEnded {
    const { logFile, foreign } = this.options;
    const lines = lastLines(logFile, toldLines).split("\n");
    const said = lines.filter((line) => line && !foreign?.test(line));
    return new ContainerEnded(reason, this.code, said);
  }

  /** Kills it with all that it started. A rehearsal does not ask how gently it ends. */
  async stop(): Promise<void> {
    this.forget();
    if (this.ended !== undefined) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.kill();
    await gone;
  }

  /** Signals that end this process end it, too: it is in a group of its own, which they do not reach. */
  private readonly endWith = (signal: NodeJS.Signals): void => {
    this.kill();
    this.forget();
    process.kill(process.pid, signal);
  };

  private forget(): void {
    process.off("exit", this.kill).off("SIGINT", this.endWith).off("SIGTERM", this.endWith);
  }

  private readonly kill = (): void => {
    if (this.ended === undefined) this.killGroup();
  };

  private killGroup(): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

async function answersHttp(url: string): Promise<boolean> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(1_000), redirect: "manual" });
    return true;
  } catch {
    return false;
  }
}

/** An engine accepts for a container that does not listen, and closes at once. */
const acceptedMs = 200;

/** Whether a connection to it is taken, and stays. */
export function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const end = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once("error", () => end(false)).once("close", () => end(false));
    socket.once("connect", () => setTimeout(() => end(true), acceptedMs));
  });
}

/**
 * A port of the loopback interface that nobody listens at.
 * @param wanted this one. Default: any.
 * @throws Error where somebody listens at the one that is wanted.
 */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address
          ? resolve(address.port)
          : reject(new Error("no port")),
      );
    });
  });
}
