import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../shared/iam";

/** What of AWS sends to a queue. */
export interface QueueSender {
  readonly service: "events" | "sns";
  /** The topic, or the rules of EventBridge. */
  readonly sourceArn: pulumi.Input<string> | readonly pulumi.Input<string>[];
}

/** Who may use a queue: nobody without TLS, and of AWS's services what sends to it. */
export function queuePolicy(
  queueArn: pulumi.Input<string>,
  sender: QueueSender | undefined,
): pulumi.Output<string> {
  const refusePlain: Statement = {
    Effect: "Deny",
    Principal: "*",
    Action: "sqs:*",
    Resource: queueArn,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  if (sender === undefined) return policyDocument(refusePlain);
  return policyDocument(refusePlain, {
    Effect: "Allow",
    Principal: { Service: `${sender.service}.amazonaws.com` },
    Action: "sqs:SendMessage",
    Resource: queueArn,
    Condition: { ArnEquals: { "aws:SourceArn": sender.sourceArn } },
  });
}
