import type * as pulumi from "@pulumi/pulumi";
import { text, type Account } from "../shared/account";
import { allow, viaServices, type Statement } from "../shared/iam";

/** ARNs of secrets, or patterns of them, by the service that keeps them. */
export interface SecretArns {
  readonly secretsManager?: readonly pulumi.Input<string>[];
  readonly parameterStore?: readonly pulumi.Input<string>[];
}

/**
 * Decrypting secrets that are under a key of the customer's own. The key may be any of the region, another account's too;
 * what it decrypts may be these secrets alone, by the encryption context that their service gives (`SecretARN`: "Secret
 * encryption and decryption in AWS Secrets Manager"; `PARAMETER_ARN`: "AWS KMS encryption for AWS Systems Manager
 * Parameter Store SecureString parameters"). So no key has to be looked up, and none that changes has to be followed.
 */
export function decryptSecrets(
  account: Account,
  { secretsManager = [], parameterStore = [] }: SecretArns,
): Statement[] {
  const anyKey = text`arn:${account.partition}:kms:${account.region}:*:key/*`;
  const decrypt = (service: string, context: string, arns: readonly pulumi.Input<string>[]) =>
    arns.length === 0
      ? []
      : [
          allow(["kms:Decrypt"], [anyKey], {
            ...viaServices(account, [service]),
            StringLike: { [`kms:EncryptionContext:${context}`]: arns },
          }),
        ];
  return [
    ...decrypt("secretsmanager", "SecretARN", secretsManager),
    ...decrypt("ssm", "PARAMETER_ARN", parameterStore),
  ];
}
