import type * as pulumi from "@pulumi/pulumi";
import { keyUse } from "../shared/encryption";
import { text } from "../shared/account";
import type { Permission } from "../service/statements";

/** What tasks do with objects. To delete a version for good is none of it: what was overwritten can be had back. */
const objectActions = [
  "s3:AbortMultipartUpload",
  "s3:DeleteObject",
  "s3:GetObject",
  "s3:GetObjectTagging",
  "s3:ListMultipartUploadParts",
  "s3:PutObject",
  "s3:PutObjectTagging",
];

/** What lets tasks list a bucket, and read, write and delete its objects, with its key where it has one. */
export function bucketPermissions(
  arn: pulumi.Input<string>,
  keyArn?: pulumi.Input<string>,
): Permission[] {
  return [
    { actions: ["s3:GetBucketLocation", "s3:ListBucket"], resources: [arn] },
    { actions: objectActions, resources: [text`${arn}/*`] },
    ...keyUse(keyArn, "s3"),
  ];
}
