import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, refusePlain } from "../shared/iam";

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
  const byTls = refusePlain("sqs:*", queueArn);
  if (sender === undefined) return policyDocument(byTls);
  return policyDocument(byTls, {
    Effect: "Allow",
    Principal: { Service: `${sender.service}.amazonaws.com` },
    Action: "sqs:SendMessage",
    Resource: queueArn,
    Condition: { ArnEquals: { "aws:SourceArn": sender.sourceArn } },
  });
}
