import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf, arnOf, text, type Account } from "./shared/account";
import { changeable } from "./shared/changeable";
import { policyDocument, type Statement } from "./shared/iam";
import {
  accountPrincipal,
  accountStatement,
  sendingStatement,
  serviceStatement,
} from "./shared/keyPolicy";
import type { Tags } from "./shared/tags";
import { refuse } from "./shared/validation";

export interface EncryptionKeyArgs {
  /** What people know it by, without `alias/`: letters, digits, `/`, `_` and `-`. No other key of account and region has it. */
  readonly alias: string;
  readonly tags?: Tags;
}

/** Days for which AWS keeps a key that somebody deletes: the most that it takes. */
const deletionWindowInDays = 30;

/**
 * A KMS key for whatever holds data: logs, repositories, databases, caches, buckets, file systems, topics, queues, trails. It turns
 * over once a year and keeps its ARN. Who of the account may use it, IAM says; the services that write with nobody's rights are let
 * in by its policy, for resources of the account.
 *
 * It stays in AWS when the program has it no more, and loses its alias: what it encrypted would be gone with it.
 *
 * It costs 1 USD a month, another after its first and after its second rotation, and 0.03 USD for 10 000 requests, of which
 * 20 000 a month are free ("AWS KMS pricing", 2026, us-east-1).
 *
 * @example
 * new EncryptionKey("shop", { alias: "shop" });
 * @example
 * new EncryptionKey("shop", { alias: "shop/production", tags: { team: "shop" } }, { protect: true });
 */
export class EncryptionKey extends pulumi.ComponentResource {
  /** Known once its policy lets the services in. */
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    // The key says itself that it is protected: its parts change with config.
    super("gantry:index:EncryptionKey", name, {}, { ...opts, protect: false });
    refuse(this, "EncryptionKey", aliasFaults(args.alias));
    const key = new aws.kms.Key(
      `${name}-encryption`,
      {
        description: `Encrypts what ${args.alias} holds`,
        enableKeyRotation: true,
        deletionWindowInDays,
        tags: args.tags,
      },
      { parent: this, protect: opts?.protect, retainOnDelete: true },
    );
    const part = changeable(key);
    const policy = new aws.kms.KeyPolicy(
      `${name}-encryptionPolicy`,
      // A resource of its own, since it names the account, which the key's ARN tells.
      { keyId: key.keyId, policy: policyDocument(...keyStatements(accountOf(key.arn))) },
      { ...part, retainOnDelete: true },
    );
    new aws.kms.Alias(
      `${name}-encryptionAlias`,
      { name: `alias/${args.alias}`, targetKeyId: key.keyId },
      part,
    );
    this.keyArn = pulumi.all([key.arn, policy.id]).apply(([arn]) => arn);
    this.registerOutputs({ keyArn: this.keyArn });
  }
}

function keyStatements(account: Account): Statement[] {
  const { region, accountId } = account;
  const data = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];
  return [
    // RDS, EFS and ElastiCache read and copy by more actions than people do.
    accountStatement(account, [
      "kms:CreateAlias",
      "kms:DeleteAlias",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
      "kms:UpdateAlias",
    ]),
    {
      Effect: "Allow",
      Principal: accountPrincipal(account),
      // By which RDS, ElastiCache, EFS and ECR use it later; nobody lets anybody else in so.
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
    serviceStatement(text`logs.${region}.amazonaws.com`, [...data, "kms:DescribeKey"], {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": arnOf(account, "logs", "log-group:*") },
    }),
    sendingStatement(["events.amazonaws.com", "sns.amazonaws.com"]),
    serviceStatement(
      ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"],
      ["kms:Decrypt", "kms:GenerateDataKey*"],
      { StringEquals: { "aws:SourceAccount": accountId } },
    ),
    serviceStatement("cloudtrail.amazonaws.com", ["kms:DescribeKey", "kms:GenerateDataKey*"], {
      ArnLike: { "aws:SourceArn": arnOf(account, "cloudtrail", "trail/*") },
    }),
  ];
}

function aliasFaults(alias: string) {
  if (/^(?!a(?:lias|ws)\/)[\w/-]{1,250}$/.test(alias)) return [];
  return [
    {
      path: "alias",
      given: alias,
      allowed:
        "1 to 250 letters, digits, slashes, underscores and hyphens, not beginning with alias/ or aws/",
      fix: "leave out what else is in it",
    },
  ];
}
