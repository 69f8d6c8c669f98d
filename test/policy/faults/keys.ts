import * as aws from "@pulumi/aws";
import { keyArn, type Fault } from "./fault";

function trail(name: string, args: Partial<aws.cloudtrail.TrailArgs>) {
  return new aws.cloudtrail.Trail(name, { s3BucketName: "acme-trail", ...args });
}

function queue(name: string, args: aws.sqs.QueueArgs = {}) {
  return new aws.sqs.Queue(name, args);
}

export const keyFaults: readonly Fault[] = [
  {
    rule: "kms-rotation",
    says: /not rotated/,
    wrong: (name) => new aws.kms.Key(name),
    right: (name) => new aws.kms.Key(name, { enableKeyRotation: true }),
  },
  {
    rule: "kms-rotation",
    says: /not rotated/,
    wrong: (name) => new aws.kms.Key(name, { enableKeyRotation: false }),
    // KMS rotates no asymmetric key.
    right: (name) =>
      new aws.kms.Key(name, { keyUsage: "SIGN_VERIFY", customerMasterKeySpec: "ECC_NIST_P256" }),
  },
  {
    rule: "kms-deletion-window",
    says: /for 7 days alone/,
    wrong: (name) => new aws.kms.Key(name, { deletionWindowInDays: 7 }),
    right: (name) => new aws.kms.Key(name),
  },
  {
    rule: "secrets-recovery",
    says: /recoveryWindowInDays is 0/,
    wrong: (name) => new aws.secretsmanager.Secret(name, { recoveryWindowInDays: 0 }),
    right: (name) => new aws.secretsmanager.Secret(name),
  },
  {
    rule: "ssm-plain-secrets",
    says: /looks like a secret, by its name/,
    wrong: (name) =>
      new aws.ssm.Parameter(name, { name: "/shop/db-password", type: "String", value: "h0rse" }),
    right: (name) =>
      new aws.ssm.Parameter(name, {
        name: "/shop/db-password",
        type: "SecureString",
        value: "h0rse",
      }),
  },
  {
    rule: "ssm-plain-secrets",
    says: /looks like an address with a password/,
    wrong: (name) =>
      new aws.ssm.Parameter(name, { type: "String", value: "postgres://shop:h0rse@db/shop" }),
    right: (name) => new aws.ssm.Parameter(name, { type: "String", value: "postgres://db/shop" }),
  },
  {
    rule: "cloudtrail-logging",
    says: /log files are not signed/,
    wrong: (name) => trail(name, {}),
    right: (name) => trail(name, { enableLogFileValidation: true }),
  },
  {
    rule: "cloudtrail-logging",
    says: /enableLogging is false/,
    wrong: (name) => trail(name, { enableLogging: false, enableLogFileValidation: true }),
    right: (name) => trail(name, { enableLogFileValidation: true }),
  },
  {
    rule: "cloudtrail-regions",
    says: /one region/,
    wrong: (name) => trail(name, {}),
    right: (name) => trail(name, { isMultiRegionTrail: true }),
  },
  {
    rule: "cloudtrail-key",
    says: /no key of KMS/,
    wrong: (name) => trail(name, {}),
    right: (name) => trail(name, { kmsKeyId: keyArn }),
  },
  {
    rule: "sqs-encrypted",
    says: /not encrypted/,
    wrong: (name) => queue(name, { sqsManagedSseEnabled: false }),
    right: (name) => queue(name),
  },
  {
    rule: "sqs-dead-letters",
    says: /go nowhere/,
    wrong: (name) => queue(name),
    // It is where those of another go.
    right: (name) => {
      const letters = queue(name);
      const redrivePolicy = letters.arn.apply((deadLetterTargetArn) =>
        JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 5 }),
      );
      queue(`${name}-orders`, { redrivePolicy });
      return letters;
    },
  },
  {
    rule: "sns-encrypted",
    says: /no key of KMS/,
    wrong: (name) => new aws.sns.Topic(name),
    right: (name) => new aws.sns.Topic(name, { kmsMasterKeyId: keyArn }),
  },
  {
    rule: "kinesis-encrypted",
    says: /not encrypted/,
    wrong: (name) => new aws.kinesis.Stream(name, { shardCount: 1 }),
    right: (name) =>
      new aws.kinesis.Stream(name, { encryptionType: "KMS", kmsKeyId: "alias/aws/kinesis" }),
  },
];
