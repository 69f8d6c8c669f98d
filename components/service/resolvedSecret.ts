import type * as pulumi from "@pulumi/pulumi";
import { arnOf, text, type Account } from "../shared/account";
import { parseSecretReference } from "./secretReference";
import type { ContainerSecret } from "./taskDefinition";

/** A secret of a container, and what its execution role must be allowed to read. */
export interface ResolvedSecret extends ContainerSecret {
  readonly store: "secretsManager" | "parameterStore";
  readonly arn: pulumi.Input<string>;
}

/**
 * Turns a reference into ARNs.
 * @param name of the environment variable.
 * @param secretArn the ARN of a secret that is named in Secrets Manager.
 */
export function resolvedSecret(
  name: string,
  given: string,
  account: Account,
  secretArn: (name: string) => pulumi.Input<string>,
): ResolvedSecret {
  const reference = parseSecretReference(given);
  switch (reference.kind) {
    case "secretsManagerArn": {
      const { secretArn: arn, valueFrom } = reference;
      return { name, store: "secretsManager", arn, valueFrom };
    }
    case "secretsManagerName": {
      const arn = secretArn(reference.name);
      const { jsonKey } = reference;
      const valueFrom = jsonKey === undefined ? arn : text`${arn}:${jsonKey}::`;
      return { name, store: "secretsManager", arn, valueFrom };
    }
    case "parameterArn":
      return { name, store: "parameterStore", arn: reference.arn, valueFrom: reference.arn };
    case "parameterName": {
      const arn = arnOf(account, "ssm", `parameter${reference.name}`);
      return { name, store: "parameterStore", arn, valueFrom: arn };
    }
  }
}
