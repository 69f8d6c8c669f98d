import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { arnOf, type Account } from "../shared/account";
import { allow, policyDocument, trustOf } from "../shared/iam";
import { boundedName } from "../shared/naming";
import type { Tags } from "../shared/tags";

interface SubscriptionsArgs {
  readonly account: Account;
  readonly streamArn: pulumi.Input<string>;
  readonly logGroups: Readonly<Record<string, pulumi.Input<string>>>;
  readonly tags?: Tags;
}

/** Has CloudWatch Logs hand on what is logged to a Firehose stream. */
export function subscribe(
  name: string,
  { account, streamArn, logGroups, tags }: SubscriptionsArgs,
  parent: pulumi.Resource,
): void {
  const role = new aws.iam.Role(
    boundedName(`${name}-log-subscriptions`, 64),
    {
      // As AWS has it, with the account in the ARN ("Subscription filters with Firehose", CloudWatch Logs user guide).
      assumeRolePolicy: trustOf("logs.amazonaws.com", {
        StringLike: { "aws:SourceArn": arnOf(account, "logs", "*") },
      }),
      tags,
    },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-log-subscriptions`,
    {
      role: role.name,
      policy: policyDocument(allow(["firehose:PutRecord", "firehose:PutRecordBatch"], [streamArn])),
    },
    { parent },
  );
  for (const [group, logGroup] of Object.entries(logGroups)) {
    new aws.cloudwatch.LogSubscriptionFilter(
      `${group}-export`,
      { logGroup, filterPattern: "", destinationArn: streamArn, roleArn: role.arn },
      // CloudWatch Logs tries the stream before it takes the subscription.
      { parent, dependsOn: [policy] },
    );
  }
}
