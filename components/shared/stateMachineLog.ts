import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, type Statement } from "./iam";
import type { Tags } from "./tags";

export interface StateMachineLogArgs {
  readonly stateMachineName: string;
  /** Days for which it is kept, as CloudWatch Logs has them. */
  readonly retentionDays: number;
  readonly tags?: Tags;
}

/**
 * The log group of a state machine, and what has its executions that fail logged there, with what they were given.
 * @param name of the log group.
 */
export function stateMachineLog(
  name: string,
  { stateMachineName, retentionDays, tags }: StateMachineLogArgs,
  parent: pulumi.Resource,
): NonNullable<aws.sfn.StateMachineArgs["loggingConfiguration"]> {
  // Under this prefix a group costs no room in the account's resource policy of logs, which has a limit.
  const logs = new aws.cloudwatch.LogGroup(
    name,
    {
      name: `/aws/vendedlogs/states/${stateMachineName}`,
      retentionInDays: retentionDays,
      tags,
    },
    { parent },
  );
  return {
    level: "ERROR",
    includeExecutionData: true,
    logDestination: pulumi.interpolate`${logs.arn}:*`,
  };
}

/**
 * What its role needs for that. Deliveries of logs have no ARNs: AWS offers nothing narrower ("Logging using CloudWatch Logs", Step
 * Functions developer guide).
 */
export function stateMachineLogStatement(): Statement {
  return allow(
    [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ],
    "*",
  );
}
