import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../shared/iam";

/** Who may use a queue: nobody without TLS, and of AWS's services its topic, which sends to it. */
export function queuePolicy(
  queueArn: pulumi.Input<string>,
  topicArn: pulumi.Input<string> | undefined,
): pulumi.Output<string> {
  const refusePlain: Statement = {
    Effect: "Deny",
    Principal: "*",
    Action: "sqs:*",
    Resource: queueArn,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  if (topicArn === undefined) return policyDocument(refusePlain);
  return policyDocument(refusePlain, {
    Effect: "Allow",
    Principal: { Service: "sns.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: queueArn,
    Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
  });
}
