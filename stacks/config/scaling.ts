import { cronFault, timezoneFault } from "../../components/shared/cron";
import { isRecord } from "../../contract/record";
import { filledList, section, text, unlimited, wholeNumber } from "./fields";
import { burst } from "./burst";
import { either } from "./own";

/**
 * How many tasks a service has, and by what.
 * @param minimum of `min`; in a schedule every service may have none.
 */
export function scaling(minimum: number) {
  return {
    /** Tasks at least. Default: 1; in production 2 unless `recreate`; or `max` where that is less. */
    min: wholeNumber(minimum, 1000).optional(),
    /** Tasks at most. Default: 2; in production 10; with `recreate` 1; or `min` where that is more. */
    max: wholeNumber(1, 1000).optional(),
    /** Average CPU to hold, in percent. Default: 60. */
    cpuPercent: wholeNumber(1, 100).default(60),
    /** Average memory to hold, in percent. Default: 75. */
    memoryPercent: wholeNumber(1, 100).default(75),
    /** Messages of its queues, waiting or in work, for which one task is started, in place of CPU and memory. Default: none. */
    messagesPerTask: wholeNumber(1, unlimited).optional(),
    /** Seconds after a step before the next, or `{ out, in }`. Default: 30 out and 300 in. */
    cooldownSeconds: cooldownSchema().optional(),
    /** Whether, or from which load of one minute on, tasks are added at once. Default: `false`. */
    burst: burst().optional(),
    /** When `min` and `max` become others. Default: never. */
    schedule: filledList(scheduleSchema(), "{ at, min, max, timezone }").optional(),
  };
}

function cooldownSchema() {
  const seconds = wholeNumber(0, unlimited);
  const each = section({
    /** After more tasks were started. Default: 30. */
    out: seconds.optional(),
    /** After tasks were stopped. Default: 300. */
    in: seconds.optional(),
  });
  return either(
    isRecord,
    each,
    seconds.transform((both) => ({ out: both, in: both })),
  );
}

/** `{ at: cron(0 20 ? * MON-FRI *), min: 0, max: 0, timezone: Europe/Berlin }`. */
function scheduleSchema() {
  return section({
    /** A cron expression of AWS, of six fields. */
    at: text("a cron expression of AWS such as cron(0 20 ? * MON-FRI *)", cronFault),
    /** Tasks at least from then on. */
    min: wholeNumber(0, 1000),
    /** Tasks at most from then on. */
    max: wholeNumber(0, 1000),
    /** Default: UTC. */
    timezone: text("a time zone such as Europe/Berlin", timezoneFault).optional(),
  });
}
