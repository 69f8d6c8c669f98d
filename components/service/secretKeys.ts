import type * as pulumi from "@pulumi/pulumi";
import { changed, distinct, text, type Account } from "../shared/account";
import { allow, viaServices, type Statement } from "../shared/iam";

/** ARNs of secrets, or patterns of them, by the service that keeps them. */
export interface SecretArns {
  readonly secretsManager?: readonly pulumi.Input<string>[];
  readonly parameterStore?: readonly pulumi.Input<string>[];
}

/** The account's region, and those of secrets that are elsewhere. */
export function regionsOf(
  { region }: Account,
  arns: readonly pulumi.Input<string>[],
): pulumi.Input<string>[] {
  return [region, ...arns.map((arn) => changed([arn], ([known]) => known.split(":")[3]))];
}

/**
 * Decrypting secrets that are under a key of the customer's own. The key may be any of the secrets' regions, another account's too;
 * what it decrypts may be these secrets alone, by the encryption context that their service gives (`SecretARN`: "Secret
 * encryption and decryption in AWS Secrets Manager"; `PARAMETER_ARN`: "AWS KMS encryption for AWS Systems Manager
 * Parameter Store SecureString parameters"). So no key has to be looked up, and none that changes has to be followed.
 */
export function decryptSecrets(
  account: Account,
  { secretsManager = [], parameterStore = [] }: SecretArns,
): Statement[] {
  const decrypt = (service: string, context: string, arns: readonly pulumi.Input<string>[]) => {
    if (arns.length === 0) return [];
    const regions = regionsOf(account, arns);
    const keys = regions.map((region) => text`arn:${account.partition}:kms:${region}:*:key/*`);
    return [
      allow(["kms:Decrypt"], distinct(keys), {
        ...viaServices(account, [service], regions),
        StringLike: { [`kms:EncryptionContext:${context}`]: arns },
      }),
    ];
  };
  return [
    ...decrypt("secretsmanager", "SecretARN", secretsManager),
    ...decrypt("ssm", "PARAMETER_ARN", parameterStore),
  ];
}
