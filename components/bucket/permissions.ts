import type * as pulumi from "@pulumi/pulumi";
import { keyUse } from "../shared/encryption";
import { text } from "../shared/account";
import type { Permission } from "../service/statements";
import { bucketActions, objectActions } from "./actions";

/** What lets tasks list a bucket, and read, write and delete its objects, with its key where it has one. */
export function bucketPermissions(
  arn: pulumi.Input<string>,
  keyArn?: pulumi.Input<string>,
): Permission[] {
  return [
    { actions: bucketActions, resources: [arn] },
    { actions: objectActions, resources: [text`${arn}/*`] },
    ...keyUse(keyArn, "s3"),
  ];
}
