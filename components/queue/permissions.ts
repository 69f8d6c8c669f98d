import type * as pulumi from "@pulumi/pulumi";
import { keyUse } from "../shared/encryption";
import type { Permission } from "../service/statements";

/** What lets tasks publish to topics, and take what is in queues. */
export function messagePermissions(
  topicArns: readonly pulumi.Input<string>[],
  queueArns: readonly pulumi.Input<string>[],
  keyArn?: pulumi.Input<string>,
): Permission[] {
  return [
    ...statement(["sns:Publish"], topicArns),
    ...statement(
      [
        ...["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        "sqs:ReceiveMessage",
      ],
      queueArns,
    ),
    ...keyUse(topicArns.length > 0 ? keyArn : undefined, "sns"),
    ...keyUse(queueArns.length > 0 ? keyArn : undefined, "sqs"),
  ];
}

function statement(
  actions: readonly string[],
  resources: readonly pulumi.Input<string>[],
): Permission[] {
  return resources.length > 0 ? [{ actions, resources }] : [];
}
