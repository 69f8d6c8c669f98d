import { timezoneFault } from "../shared/cron";
import { taskFaults } from "../service/taskFaults";
import { isWhole, type Fault } from "../shared/validation";
import type { JobArgs } from "./args";
import { scheduleFault } from "./scheduleExpression";

/** What is wrong with the arguments of a job: only what AWS would refuse late, or accept and not run. */
export function jobFaults(args: JobArgs): Fault[] {
  return [...taskFaults(args), ...numberFaults(args), ...scheduleFaults(args)];
}

function numberFaults({ timeoutMinutes = 60, retries = 0, jobName }: JobArgs): Fault[] {
  return [
    ...(isWhole(timeoutMinutes, 1, 10_080)
      ? []
      : [
          {
            path: "timeoutMinutes",
            given: timeoutMinutes,
            allowed: "a whole number from 1 to 10080, which is a week",
            fix: "choose minutes that the job surely ends within",
          },
        ]),
    ...(isWhole(retries, 0, 10)
      ? []
      : [
          {
            path: "retries",
            given: retries,
            allowed: "a whole number from 0 to 10",
            fix: "choose how often a failed attempt is repeated",
          },
        ]),
    ...(/^[\w-]{1,80}$/.test(jobName)
      ? []
      : [
          {
            path: "jobName",
            given: jobName,
            allowed: "1 to 80 letters, digits, hyphens and underscores",
            fix: "shorten it, or leave out what else is in it",
          },
        ]),
  ];
}

function scheduleFaults({ schedule }: JobArgs): Fault[] {
  if (!schedule) return [];
  const { expression, timezone } = schedule;
  const fault = scheduleFault(expression);
  const fix = timezone === undefined ? undefined : timezoneFault(timezone);
  return [
    ...(fault ? [{ path: "schedule.expression", given: expression, ...fault }] : []),
    ...(fix === undefined
      ? []
      : [{ path: "schedule.timezone", given: timezone, allowed: "a time zone of the IANA", fix }]),
  ];
}
