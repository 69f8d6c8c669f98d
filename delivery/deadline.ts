import { buildMinutes, type CommandTimes } from "../contract/times";
import { variables } from "../contract/variables";
import type { Clock } from "./clock";
import { DeliveryError } from "./errors";

const minuteMs = 60_000;

/** The time of the command is over; whatever it was about to do was not begun. */
export class DeadlineError extends DeliveryError {}

/**
 * The bound of a whole command. Each of its calls has a time-out of its own; all of them together may still take longer
 * than the build that the command runs in, and a build that is killed leaves the lock.
 *
 * It has an end of the work, and a later one of putting back what the work had begun: see {@link putBack}.
 */
export class Deadline {
  private endsAt: number;
  private readonly began: number;

  constructor(
    private readonly clock: Clock,
    private readonly times: CommandTimes,
  ) {
    this.began = clock.now().getTime();
    this.endsAt = this.began + times.workMinutes * minuteMs;
  }

  /** What the command may take in all. */
  get totalMs(): number {
    return this.times.totalMinutes * minuteMs;
  }

  /** Milliseconds for something that may take `limitMs`: as many, or what is left. */
  within(limitMs: number): number {
    return Math.max(1000, Math.min(limitMs, this.endsAt - this.clock.now().getTime()));
  }

  /**
   * Before something is begun.
   * @param what for people, as in `the update`.
   * @throws DeadlineError where no time is left for it.
   */
  requireTime(what: string): void {
    if (this.clock.now().getTime() < this.endsAt) return;
    const minutes = Math.round((this.endsAt - this.began) / minuteMs);
    throw new DeadlineError(
      `the time is over: ${what} was not begun, since ${minutes} min have passed. The action has ` +
        `${this.times.timeoutMinutes} min (${variables.timeoutMinutes}), of which the last are kept for putting things back`,
    );
  }

  /** From now on what was begun is put back, which has time of its own. */
  putBack(): void {
    const { totalMinutes, recordMinutes } = this.times;
    this.endsAt = this.began + (totalMinutes - recordMinutes) * minuteMs;
  }
}

/**
 * What the environment says of the action's time-out.
 * @returns undefined where it says nothing, as with a person.
 * @throws DeliveryError where it is no number of minutes that CodeBuild takes.
 */
export function timeoutMinutesOf(env: NodeJS.ProcessEnv = process.env): number | undefined {
  const text = env[variables.timeoutMinutes];
  if (!text) return undefined;
  const minutes = Number(text);
  const { least, most } = buildMinutes;
  if (/^\d+$/.test(text) && minutes >= least && minutes <= most) return minutes;
  throw new DeliveryError(
    `${variables.timeoutMinutes} is ${JSON.stringify(text)}; allowed: ${least} to ${most}, the minutes of the action's time-out. ` +
      "Set it so, or unset it for what the stack's config says",
  );
}
