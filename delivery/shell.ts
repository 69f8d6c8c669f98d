import { describeEnd, lastLines, tryRun, type Finished } from "./run";

/** A command of a service, as its config has it. */
export interface ServiceCommand {
  /** For a shell. */
  readonly command: string;
  /** The service's folder, with a full path. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onOutput: (chunk: string) => void;
  /** Milliseconds until it and all that it started are killed. */
  readonly timeoutMs: number;
}

/** How it ended. */
export interface CommandResult {
  readonly passed: boolean;
  /** Such as `ended with exit code 1`. */
  readonly end: string;
  readonly timedOut: boolean;
  /** Its last lines. */
  readonly output: readonly string[];
}

const keptLines = 40;

/** Runs a command of a service in its folder. It does not throw when the command fails. */
export async function runServiceCommand(options: ServiceCommand): Promise<CommandResult> {
  const { command, folder, env, onOutput, timeoutMs } = options;
  const finished: Finished = await tryRun("sh", ["-c", command], {
    cwd: folder,
    env,
    onOutput,
    timeoutMs,
  });
  return {
    passed: finished.code === 0 && !finished.timedOut,
    end: describeEnd(finished),
    timedOut: finished.timedOut,
    output: lastLines(finished.output, keptLines),
  };
}

/** `0.4 s`, `12 s`, `3 min 5 s`. */
export function describeSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
