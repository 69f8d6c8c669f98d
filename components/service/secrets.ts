import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account } from "../shared/account";
import { refusal } from "../shared/validation";
import { resolvedSecret, type ResolvedSecret } from "./resolvedSecret";
import { parseSecretReference } from "./secretReference";

/**
 * Turns references into ARNs. A secret named in Secrets Manager is looked up, since its ARN ends in six characters
 * that AWS chose: one that is missing stops the preview and not the task. Which secrets of resources are where is known
 * with their ARNs alone, and what is made of them with them.
 */
export function resolveSecrets(
  references: Readonly<Record<string, pulumi.Input<string>>>,
  account: Account,
  parent: pulumi.Resource,
): pulumi.Output<ResolvedSecret[]> {
  const resolved = Object.entries(references).map(([name, given]) =>
    typeof given === "string"
      ? resolvedSecret(
          name,
          given,
          account,
          (secret) => aws.secretsmanager.getSecretOutput({ name: secret }, { parent }).arn,
        )
      : pulumi.output(given).apply((arn) => {
          requireArn(name, arn, parent);
          return resolvedSecret(name, arn, account, (secret) => secret);
        }),
  );
  return pulumi.output(resolved);
}

/** @throws pulumi.ResourceError that does not repeat the text, which may be the secret itself. */
function requireArn(name: string, text: string, parent: pulumi.Resource): void {
  try {
    if (parseSecretReference(text).kind.endsWith("Arn")) return;
  } catch {
    // What it is instead is nobody's to read.
  }
  const what = "given what is no ARN of a secret; allowed: the ARN of a secret or a parameter";
  throw refusal(
    `Service secrets.${name}: ${what}; hand over the arn of the secret, and not its value`,
    parent,
  );
}
