import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { arnOf, type Account } from "./account";
import { allow, serviceTrust } from "./iam";
import { boundedName } from "./naming";
import { serviceRole } from "./serviceRole";
import type { Tags } from "./tags";

/** When something is started. */
export interface ScheduleTimes {
  /** `cron(0 3 * * ? *)` or `rate(1 hour)`, in the words of EventBridge Scheduler. */
  readonly expression: string;
  /** Of `cron`, as in `Europe/Berlin`. Without it, UTC. */
  readonly timezone?: string;
  /** A queue of SQS, such as that of `ScheduleFailures`, for what could not be started. Without it, nobody hears of it. */
  readonly deadLetterQueueArn?: pulumi.Input<string>;
}

/**
 * How long and how often EventBridge Scheduler tries to start what was refused. Its own defaults, a day and 185 times, would
 * start last night's run at noon.
 */
const retryPolicy = { maximumEventAgeInSeconds: 900, maximumRetryAttempts: 10 };

export interface ScheduledTarget {
  readonly account: Account;
  readonly targetArn: pulumi.Input<string>;
  /** What starts it, such as `states:StartExecution`. */
  readonly action: string;
  readonly tags?: Tags;
  readonly transform?: (args: aws.scheduler.ScheduleArgs) => aws.scheduler.ScheduleArgs;
}

/** Starts a target when its schedule says so, under a role that can do nothing else. */
export function schedule(
  name: string,
  { expression, timezone, deadLetterQueueArn }: ScheduleTimes,
  { account, targetArn, action, tags, transform }: ScheduledTarget,
  parent: pulumi.Resource,
): aws.scheduler.Schedule {
  const { role, policy } = serviceRole(
    `${name}-schedule`,
    {
      trust: serviceTrust("scheduler.amazonaws.com", {
        accountId: account.accountId,
        // Of the group that the schedule is in ("Prevent confused deputy", EventBridge Scheduler user guide).
        sourceArn: arnOf(account, "scheduler", "schedule-group/default"),
      }),
      statements: [
        allow([action], [targetArn]),
        ...(deadLetterQueueArn === undefined
          ? []
          : [allow(["sqs:SendMessage"], [deadLetterQueueArn])]),
      ],
      tags,
    },
    parent,
  );
  const given: aws.scheduler.ScheduleArgs = {
    scheduleExpression: expression,
    scheduleExpressionTimezone: timezone ?? "UTC",
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      ...{ arn: targetArn, roleArn: role.arn, input: "{}", retryPolicy },
      deadLetterConfig: deadLetterQueueArn === undefined ? undefined : { arn: deadLetterQueueArn },
    },
  };
  return new aws.scheduler.Schedule(
    boundedName(`${name}-schedule`, 64),
    transform?.(given) ?? given,
    { parent, dependsOn: [policy] },
  );
}
