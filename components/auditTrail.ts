import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf, arnOf, text, type Account } from "./shared/account";
import type { Statement } from "./shared/iam";
import { expiry, oldVersions, privateBucket, type RequestLogsTarget } from "./shared/privateBucket";
import type { Tags } from "./shared/tags";
import { refuse, retentionFaults, type Fault } from "./shared/validation";

export interface AuditTrailArgs {
  /** Physical name, as `shop.production`: 3 to 128 letters, digits and single periods, hyphens or underscores between them. */
  readonly trailName: string;
  /** ARN of something of the account and region that the trail is of. */
  readonly ofAccount: pulumi.Input<string>;
  /**
   * Names of buckets of which each access to an object is recorded too, for 0.10 USD for 100 000 of them ("AWS CloudTrail pricing", us-east-1).
   * Without it, of none.
   */
  readonly dataOfBuckets?: readonly pulumi.Input<string>[];
  /** Physical name, unique in all of AWS. Without it, Pulumi names the bucket. */
  readonly bucketName?: pulumi.Input<string>;
  /** Days after which a record expires, 1 or more. Without it, 365. */
  readonly retentionDays?: number;
  /** ARN of the KMS key of records, whose policy lets CloudTrail in. Without it, S3's own. */
  readonly keyArn?: pulumi.Input<string>;
  /** Where S3 logs each request to its bucket, such as an `AccessLogs`. Without it, none is logged. */
  readonly requestLogs?: RequestLogsTarget;
  /**
   * Whether the bucket stays in AWS when the program has it no more: what is in it expires as before. Without it, it is deleted, which S3
   * refuses while there is something in it.
   */
  readonly retain?: boolean;
  readonly tags?: Tags;
}

/**
 * A trail of CloudTrail: who did what in the account, in all regions, kept in a bucket where nobody can delete or change a record, with
 * digests that prove it.
 *
 * The first trail of an account costs nothing but its bucket; a second one 2 USD for 100 000 records of what changes and reads resources
 * ("AWS CloudTrail pricing", us-east-1).
 *
 * @example
 * new AuditTrail("shop", { trailName: "shop.production", ofAccount: cluster.clusterArn });
 * @example
 * new AuditTrail("shop", { trailName: "shop.production", ofAccount: cluster.clusterArn, dataOfBuckets: [uploads.bucketName],
 *   bucketName: "acme-shop-records", retentionDays: 730,
 *   keyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef", retain: true, tags: { team: "shop" } });
 */
export class AuditTrail extends pulumi.ComponentResource {
  readonly trailArn: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: AuditTrailArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:AuditTrail", name, {}, opts);
    const { trailName, dataOfBuckets = [], bucketName, retentionDays = 365, keyArn } = args;
    const { requestLogs, retain = false, tags } = args;
    refuse(this, "AuditTrail", [...nameFaults(trailName), ...retentionFaults(retentionDays)]);
    const account = accountOf(args.ofAccount);
    const bucket = privateBucket(
      `${name}-audit`,
      {
        // CloudTrail says itself which key encrypts an object: with one of the bucket, it would have to decrypt, too.
        ...{ bucketName, requestLogs, forceDestroy: false, tags },
        lifecycleRules: [oldVersions(1), expiry("records", "", retentionDays)],
        statements: (bucketArn) => bucketStatements(bucketArn, account, trailName),
      },
      { parent: this, retainOnDelete: retain },
    );
    const trail = new aws.cloudtrail.Trail(
      `${name}-audit`,
      {
        name: trailName,
        s3BucketName: bucket.openedName,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        enableLogging: true,
        kmsKeyId: keyArn,
        advancedEventSelectors: eventSelectors(dataOfBuckets, account),
        tags,
      },
      { parent: this },
    );
    this.trailArn = trail.arn;
    this.bucketName = bucket.bucketName;
    this.registerOutputs({ trailArn: this.trailArn, bucketName: this.bucketName });
  }
}

/** Calls that change or read resources, secrets among them; and what is done with objects of some buckets. */
function eventSelectors(buckets: readonly pulumi.Input<string>[], { partition }: Account) {
  const category = (value: string) => ({ field: "eventCategory", equals: [value] });
  const management = { name: "Calls", fieldSelectors: [category("Management")] };
  if (buckets.length === 0) return [management];
  const objects = buckets.map((bucket) => text`arn:${partition}:s3:::${bucket}/`);
  return [
    management,
    {
      name: "Objects",
      fieldSelectors: [
        category("Data"),
        { field: "resources.type", equals: ["AWS::S3::Object"] },
        { field: "resources.ARN", startsWiths: objects },
      ],
    },
  ];
}

/** "Amazon S3 bucket policy for CloudTrail", CloudTrail user guide; and that nobody deletes what is there. */
function bucketStatements(
  bucketArn: pulumi.Output<string>,
  account: Account,
  trailName: string,
): Statement[] {
  const ofTrail = { "aws:SourceArn": arnOf(account, "cloudtrail", `trail/${trailName}`) };
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  const objects = pulumi.interpolate`${bucketArn}/*`;
  return [
    {
      ...{ Sid: "AclCheck", Effect: "Allow", Principal, Action: "s3:GetBucketAcl" },
      ...{ Resource: bucketArn, Condition: { StringEquals: ofTrail } },
    },
    {
      ...{ Sid: "Write", Effect: "Allow", Principal, Action: "s3:PutObject" },
      Resource: text`${bucketArn}/AWSLogs/${account.accountId}/*`,
      Condition: { StringEquals: { ...ofTrail, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    {
      Sid: "RecordsStay",
      Effect: "Deny",
      Principal: "*",
      // Lifecycle rules expire them all the same.
      Action: ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutBucketVersioning"],
      Resource: [bucketArn, objects],
    },
  ];
}

/** "Naming requirements for CloudTrail resources", CloudTrail user guide. */
function nameFaults(given: string): Fault[] {
  if (/^(?=.{3,128}$)[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/.test(given)) return [];
  const allowed =
    "3 to 128 letters and digits, with single periods, hyphens or underscores between them";
  return [{ path: "trailName", given, allowed, fix: "write it as shop.production" }];
}
