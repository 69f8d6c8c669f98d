import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { text, type Account } from "../shared/account";
import { policyDocument, type Statement } from "../shared/iam";
import type { Tags } from "../shared/tags";

/** All that IAM policies of the account may grant on the key; what nobody needs, nobody can be granted. */
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

/**
 * The key of artifacts, releases and messages. AWS's own key for S3 would let every role that reads the bucket read
 * what is in it, and EventBridge could not send to a topic that is encrypted with the one for SNS.
 */
export function pipelineKey(
  name: string,
  args: { readonly account: Account; readonly tags?: Tags },
  parent: pulumi.Resource,
): aws.kms.Key {
  return new aws.kms.Key(
    `${name}-key`,
    {
      description: `Artifacts, releases and messages of the pipeline ${name}`,
      enableKeyRotation: true,
      policy: policyDocument(...keyStatements(args.account)),
      tags: args.tags,
    },
    { parent },
  );
}

function keyStatements(account: Account): Statement[] {
  return [
    {
      Effect: "Allow",
      Principal: {
        AWS: text`arn:${account.partition}:iam::${account.accountId}:root`,
      },
      Action: grantable,
      Resource: "*",
    },
    {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      // No condition: EventBridge tells KMS neither aws:SourceArn nor aws:SourceAccount when it sends to an encrypted topic
      // ("Key management", Amazon SNS developer guide). Which rule may send, the policy of the topic says.
    },
  ];
}
