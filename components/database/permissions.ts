import type * as pulumi from "@pulumi/pulumi";
import { keyUse } from "../shared/encryption";
import type { Permission } from "../service/statements";

/** The password changes while tasks run, which are told of it as they start alone: they read the secret themselves. */
export function databasePermissions(
  secretArn: pulumi.Input<string>,
  keyArn?: pulumi.Input<string>,
): Permission[] {
  return [
    { actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] },
    ...keyUse(keyArn, "secretsmanager", ["kms:Decrypt"]),
  ];
}
