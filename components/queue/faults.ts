import { isWhole, type Fault } from "../shared/validation";
import type { QueueArgs } from "../queue";

/** SQS takes 80 ("Amazon SQS queue quotas"), of which `-dead` and `.fifo` need ten. */
const longestName = 70;

/** What is wrong with the arguments of a queue. */
export function queueFaults(args: QueueArgs): Fault[] {
  const { queueName, deadLetterAfter = 5, retentionDays = 4 } = args;
  const { visibilityTimeoutSeconds = 30 } = args;
  const isName = /^[\w-]+$/.test(queueName) && queueName.length <= longestName;
  return [
    ...(isName
      ? []
      : [
          {
            path: "queueName",
            given: queueName,
            allowed: `letters, digits, - and _, at most ${longestName}`,
            fix: "choose such a name, without .fifo",
          },
        ]),
    ...range("deadLetterAfter", deadLetterAfter, 1, 1000),
    ...range("retentionDays", retentionDays, 1, 14),
    ...range("visibilityTimeoutSeconds", visibilityTimeoutSeconds, 0, 43_200),
  ];
}

function range(path: string, given: number, least: number, most: number): Fault[] {
  if (isWhole(given, least, most)) return [];
  const allowed = `a whole number from ${least} to ${most}`;
  return [{ path, given, allowed, fix: "choose a number between" }];
}
