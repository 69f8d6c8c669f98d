import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { text, type Account } from "../shared/account";
import { policyDocument, refusePlain, type Statement } from "../shared/iam";
import { accountStatement, sendingStatement } from "../shared/keyPolicy";
import type { Tags } from "../shared/tags";

/** A key of its own for messages: those that are published by AWS's services cannot be encrypted with AWS's own key for SNS. */
export function notificationsKey(
  name: string,
  args: { readonly account: Account; readonly tags?: Tags },
  parent: pulumi.Resource,
): aws.kms.Key {
  return new aws.kms.Key(
    `${name}-notifications`,
    {
      description: `Notifications of ${name}`,
      enableKeyRotation: true,
      policy: policyDocument(accountStatement(args.account), ...publisherStatements(args.account)),
      tags: args.tags,
    },
    { parent },
  );
}

/**
 * What lets the services that publish to a topic use its key: "Enable compatibility between event sources from AWS services and
 * encrypted topics" (Amazon SNS developer guide).
 */
function publisherStatements({ accountId }: Account): Statement[] {
  const own = { StringEquals: { "aws:SourceAccount": accountId } };
  return [
    sendingStatement("events.amazonaws.com"),
    sendingStatement("cloudwatch.amazonaws.com", own),
    sendingStatement("budgets.amazonaws.com", own),
  ];
}

/** Who may publish to a topic: AWS's services for what is the account's, and nobody without TLS. Roles have their own policies. */
export function topicStatements(
  topicArn: pulumi.Input<string>,
  name: string,
  { accountId, partition, region }: Account,
): Statement[] {
  const publish = (service: string, sourceArn: pulumi.Input<string>): Statement => ({
    Effect: "Allow",
    Principal: { Service: `${service}.amazonaws.com` },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: { ArnLike: { "aws:SourceArn": sourceArn } },
  });
  return [
    publish("events", text`arn:${partition}:events:${region}:${accountId}:rule/${name}-*`),
    publish("cloudwatch", text`arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*`),
    publish("budgets", text`arn:${partition}:budgets::${accountId}:*`),
    refusePlain("sns:Publish", topicArn),
  ];
}
