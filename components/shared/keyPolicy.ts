import type * as pulumi from "@pulumi/pulumi";
import { text, type Account } from "./account";
import type { Statement } from "./iam";

/**
 * What IAM policies of the account may grant on a key. What nobody needs, nobody can be granted: no key goes into another region
 * or account, and none takes material from outside.
 */
const grantable = [
  "kms:CancelKeyDeletion",
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateKeyDescription",
];

/** Leaves a key to IAM policies of its account. */
export function accountStatement(account: Account, more: readonly string[] = []): Statement {
  return {
    Effect: "Allow",
    Principal: accountPrincipal(account),
    Action: [...grantable, ...more],
    Resource: "*",
  };
}

export function accountPrincipal({ partition, accountId }: Account): Statement["Principal"] {
  return { AWS: text`arn:${partition}:iam::${accountId}:root` };
}

/**
 * Lets services send to topics and queues that the key encrypts. No condition for EventBridge: it tells KMS neither aws:SourceArn nor
 * aws:SourceAccount when it does so ("Key management", Amazon SNS developer guide). Which rule or topic may send where, the
 * policy of the topic or queue says.
 */
export function sendingStatement(
  services: string | string[],
  condition?: Statement["Condition"],
): Statement {
  return serviceStatement(services, ["kms:Decrypt", "kms:GenerateDataKey"], condition);
}

/** Lets services use the key for themselves. */
export function serviceStatement(
  services: pulumi.Input<string> | string[],
  actions: readonly string[],
  condition?: Statement["Condition"],
): Statement {
  return {
    Effect: "Allow",
    Principal: { Service: services },
    Action: actions,
    Resource: "*",
    ...(condition ? { Condition: condition } : {}),
  };
}
