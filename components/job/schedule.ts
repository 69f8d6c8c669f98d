import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { arnOf, type Account } from "../shared/account";
import { allow, policyDocument, serviceTrust } from "../shared/iam";
import { boundedName } from "../shared/naming";
import type { Tags } from "../shared/tags";
import type { JobSchedule, JobTransform } from "./args";

/**
 * How long and how often EventBridge Scheduler tries to start a run that Step Functions refused. Its own defaults, a day and
 * 185 times, would start last night's run at noon.
 */
const retryPolicy = { maximumEventAgeInSeconds: 900, maximumRetryAttempts: 10 };

export interface ScheduledMachine {
  readonly account: Account;
  readonly stateMachineArn: pulumi.Input<string>;
  readonly tags?: Tags;
  readonly transform?: JobTransform["schedule"];
}

/** Starts a job's state machine when its schedule says so, under a role that can do nothing else. */
export function jobSchedule(
  name: string,
  { expression, timezone }: JobSchedule,
  { account, stateMachineArn, tags, transform }: ScheduledMachine,
  parent: pulumi.Resource,
): aws.scheduler.Schedule {
  const role = new aws.iam.Role(
    boundedName(`${name}-scheduleRole`, 64),
    {
      assumeRolePolicy: serviceTrust("scheduler.amazonaws.com", {
        accountId: account.accountId,
        // Of the group that the schedule is in ("Prevent confused deputy", EventBridge Scheduler user guide).
        sourceArn: arnOf(account, "scheduler", "schedule-group/default"),
      }),
      tags,
    },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-schedulePolicy`,
    {
      role: role.name,
      policy: policyDocument(allow(["states:StartExecution"], [stateMachineArn])),
    },
    { parent },
  );
  const given: aws.scheduler.ScheduleArgs = {
    scheduleExpression: expression,
    scheduleExpressionTimezone: timezone ?? "UTC",
    flexibleTimeWindow: { mode: "OFF" },
    target: { arn: stateMachineArn, roleArn: role.arn, input: "{}", retryPolicy },
  };
  return new aws.scheduler.Schedule(
    boundedName(`${name}-schedule`, 64),
    transform?.(given) ?? given,
    { parent, dependsOn: [policy] },
  );
}
