import { scheduleFault } from "../../components/job/scheduleExpression";
import { timezoneFault } from "../../components/shared/cron";
import { list, section, sectionOrSwitch, text } from "./fields";

/** Before people begin to work, in most of Europe; in UTC. */
const daily = "cron(0 5 * * ? *)";

/** A check where nothing is said of it. */
export const driftDefaults: {
  readonly schedule: string;
  readonly timezone?: string;
  readonly policies: readonly string[];
} = {
  schedule: daily,
  policies: [],
};

/** The scheduled check for what was changed beside the program. */
export function driftSchema() {
  const check = section({
    /** When it looks, as EventBridge Scheduler says it: `cron(0 5 * * ? *)`, `rate(1 day)`. Default: every day at 5:00. */
    schedule: text(
      "cron(0 5 * * ? *), rate(1 day) or the like",
      (given) => scheduleFault(given)?.fix,
    ).default(daily),
    /** Time zone of `cron`, such as `Europe/Berlin`. Default: UTC. */
    timezone: text("a time zone such as Europe/Berlin", timezoneFault).optional(),
    /** ARNs of managed policies that let the check read own resources. Default: none, and what it may not read it tells. */
    policies: list(
      text(
        "the ARN of a managed policy",
        /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+$/,
        "write it as arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess",
      ),
      "ARNs of managed policies",
    ).default([]),
  });
  return sectionOrSwitch(check, "true, false or { schedule, timezone, policies }");
}
