export type Log = (line: string) => void;

/** How often a long step says that it is still at work. */
export const tickSeconds = 10;

/** `75_000` ms as `1 min 15 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}

export interface StepOptions<T> {
  /** How far the step has come, for the ticks. */
  readonly state?: () => string;
  /** How it ended, where that is more than done. */
  readonly outcome?: (result: T) => string;
}

/** Runs a step, saying when it starts, that it goes on, and how it ended. A step that throws leaves that to the error. */
export async function step<T>(
  log: Log,
  title: string,
  work: () => Promise<T>,
  options: StepOptions<T> = {},
): Promise<T> {
  const start = Date.now();
  log(`${title} ...`);
  const tick = setInterval(() => {
    const details = [duration(Date.now() - start), options.state?.() ?? ""].filter(Boolean);
    log(`${title}: ${details.join(", ")} ...`);
  }, tickSeconds * 1000);
  try {
    const result = await work();
    const outcome = options.outcome?.(result) ?? "done";
    log(`${title}: ${outcome} (${duration(Date.now() - start)})`);
    return result;
  } finally {
    clearInterval(tick);
  }
}
