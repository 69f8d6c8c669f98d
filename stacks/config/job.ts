import { z } from "zod";
import { fromUnixCron, scheduleFault } from "../../components/job/scheduleExpression";
import { timezoneFault } from "../../components/shared/cron";
import { flag, text, wholeNumber } from "./fields";

/** The keys that a service has by being a job. */
export function jobKeys() {
  const allowed = "cron(0 3 * * ? *), rate(1 hour) or the like";
  return {
    /** `job` runs to its end, by a schedule or by hand. */
    kind: z.literal("job"),
    /** When it runs, as EventBridge Scheduler says it: `cron(0 3 * * ? *)`, `rate(1 hour)`. Default: by hand (`gantry run`). */
    schedule: text(allowed, (given) => scheduleFault(given)?.fix).optional(),
    /** Time zone of `cron`, such as `Europe/Berlin`. Default: UTC. */
    timezone: text("a time zone such as Europe/Berlin", timezoneFault).optional(),
    /** Minutes until an attempt is stopped and has failed, 1 to 10080. Default: 60. */
    timeoutMinutes: wholeNumber(1, 10_080).default(60),
    /** How often a failed attempt is repeated, 0 to 10, after half a minute and each time twice as long. Default: 0. */
    retries: wholeNumber(0, 10).default(0),
    /** Whether it may start while an earlier run is not over. Default: it may not, and that run is left out. */
    overlap: flag().default(false),
  };
}

const ofServices = ["alarms", "deployment", "releaseCommand", "spot"] as const;

/** What a job has of a service's keys: no tasks that are exchanged, or that a release starts. */
export function ofJob<S extends object>(shape: S): Omit<S, (typeof ofServices)[number]> {
  const others = Object.entries(shape).filter(([key]) => !ofServices.some((each) => each === key));
  return Object.fromEntries(others) as Omit<S, (typeof ofServices)[number]>;
}

/** A schedule as another tool writes it, cron's own included, in AWS's words; undefined where AWS cannot say it. */
export function awsSchedule(given: string): string | undefined {
  return scheduleFault(given) === undefined ? given : fromUnixCron(given);
}
