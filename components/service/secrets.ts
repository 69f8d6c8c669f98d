import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnOf, type Account } from "../shared/account";
import { parseSecretReference } from "./secretReference";
import type { ContainerSecret } from "./taskDefinition";

/** A secret of a container, and what its execution role must be allowed to read. */
export interface ResolvedSecret extends ContainerSecret {
  readonly store: "secretsManager" | "parameterStore";
  readonly arn: pulumi.Input<string>;
}

/**
 * Turns references into ARNs. A secret named in Secrets Manager is looked up, since its ARN ends in six characters
 * that AWS chose: one that is missing stops the preview and not the task.
 */
export function resolveSecrets(
  references: Readonly<Record<string, string>>,
  account: Account,
  parent: pulumi.Resource,
): ResolvedSecret[] {
  return Object.entries(references).map(([name, text]) => {
    const reference = parseSecretReference(text);
    switch (reference.kind) {
      case "secretsManagerArn":
        return {
          name,
          store: "secretsManager",
          arn: reference.secretArn,
          valueFrom: reference.valueFrom,
        };
      case "secretsManagerName": {
        const { arn } = aws.secretsmanager.getSecretOutput({ name: reference.name }, { parent });
        const valueFrom =
          reference.jsonKey === undefined ? arn : pulumi.interpolate`${arn}:${reference.jsonKey}::`;
        return { name, store: "secretsManager", arn, valueFrom };
      }
      case "parameterArn":
        return { name, store: "parameterStore", arn: reference.arn, valueFrom: reference.arn };
      case "parameterName": {
        const arn = arnOf(account, "ssm", `parameter${reference.name}`);
        return { name, store: "parameterStore", arn, valueFrom: arn };
      }
    }
  });
}
