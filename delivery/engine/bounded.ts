import { pulumiMinutes } from "../../contract/times";
import { DeliveryError } from "../errors";

/** How long Pulumi may take. */
export interface EngineLimits {
  readonly previewMs: number;
  /** An update of task definitions and services: it does not wait for tasks. */
  readonly updateMs: number;
  /** Everything else: reading and writing the state. */
  readonly stateMs: number;
  /** Between the first interruption, at which Pulumi ends what it has begun, and the second, at which it ends at once. */
  readonly graceMs: number;
}

const minuteMs = 60_000;

/** One call to AWS that never answers would have Pulumi wait without end: its provider has no time-out for it. */
export const engineLimits: EngineLimits = {
  previewMs: pulumiMinutes.preview * minuteMs,
  updateMs: pulumiMinutes.update * minuteMs,
  stateMs: pulumiMinutes.state * minuteMs,
  graceMs: pulumiMinutes.grace * minuteMs,
};

/** Pulumi did not end in time. */
export class EngineTimeout extends DeliveryError {}

/**
 * Bounds a run of Pulumi. When its time is over it is interrupted, as by Ctrl-C; when it has not ended a while later, once
 * more, at which it ends without waiting for what it has begun; and then it is not waited for any more.
 * @param what for people, such as `pulumi up`.
 * @param work gets the signal that Pulumi's Automation API turns into the interruption. It may leave it alone.
 * @throws EngineTimeout where it did not end in time, whatever it ended with then.
 */
export async function bounded<T>(
  what: string,
  limitMs: number,
  graceMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const timers: NodeJS.Timeout[] = [];
  const late = () =>
    new EngineTimeout(
      `${what} took longer than ${Math.round(limitMs / 1000)} s and was interrupted: a call to AWS or to the state's ` +
        "backend was not answered. Run this again: it takes up what is half-made",
    );
  const abandoned = new Promise<never>((_, reject) => {
    timers.push(
      setTimeout(() => controller.abort(), limitMs),
      // A signal aborts once; Pulumi ends at once when it is interrupted twice.
      setTimeout(() => signal.dispatchEvent(new Event("abort")), limitMs + graceMs),
      setTimeout(() => reject(late()), limitMs + 2 * graceMs),
    );
  });
  try {
    return await Promise.race([work(signal), abandoned]);
  } catch (error) {
    if (!signal.aborted || error instanceof EngineTimeout) throw error;
    const details = error instanceof DeliveryError ? error.details : [];
    throw new EngineTimeout(late().message, details, { cause: error });
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}
