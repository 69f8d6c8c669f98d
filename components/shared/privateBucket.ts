import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { changeable } from "./changeable";
import { policyDocument, type Statement } from "./iam";
import { boundedName } from "./naming";
import type { Tags } from "./tags";

type LifecycleRule = aws.types.input.s3.BucketLifecycleConfigurationRule;

/** Where S3 writes its log of the requests to a bucket, such as an `AccessLogs`. */
export interface RequestLogsTarget {
  /** A bucket of the same account and region, with S3's own keys, whose policy lets `logging.s3.amazonaws.com` put objects there. */
  readonly bucketName: pulumi.Input<string>;
  /** What their keys begin with, before `<account>/<region>/<bucket>/<year>/<month>/<day>/`. Without it, `s3/`. */
  readonly prefix?: string;
}

/** What keys of logs of requests to buckets begin with. */
export const requestLogsPrefix = "s3/";

export interface PrivateBucketArgs {
  /** Physical name. Without it, Pulumi names the bucket. */
  readonly bucketName?: pulumi.Input<string>;
  /** A key of KMS. Without it, S3's own. */
  readonly keyArn?: pulumi.Input<string>;
  readonly lifecycleRules: readonly LifecycleRule[];
  /** What its policy says beside that it talks TLS alone. Without it, nothing. */
  readonly statements?: (bucketArn: pulumi.Output<string>) => readonly Statement[];
  /** Where S3 logs each request to the bucket. Without it, none is logged. */
  readonly requestLogs?: RequestLogsTarget;
  /** Whether the bucket may be destroyed with what it holds. */
  readonly forceDestroy: boolean;
  readonly tags?: Tags;
}

export interface PrivateBucket {
  readonly bucket: aws.s3.Bucket;
  readonly arn: pulumi.Output<string>;
  /** Known once its versions are kept: CodePipeline refuses one that keeps none. */
  readonly bucketName: pulumi.Output<string>;
  /** The same, known once its policy holds as well: for whom it lets in. */
  readonly openedName: pulumi.Output<string>;
}

/**
 * A bucket that keeps every version, encrypts, talks TLS alone, and is public to nobody.
 * @param options of the bucket and of what belongs to it; its parts are below the bucket.
 */
export function privateBucket(
  name: string,
  args: PrivateBucketArgs,
  options: pulumi.CustomResourceOptions,
): PrivateBucket {
  const bucket = new aws.s3.Bucket(
    // Bucket names have 63 characters at most.
    boundedName(name, 63),
    { bucket: args.bucketName, forceDestroy: args.forceDestroy, tags: args.tags },
    options,
  );
  // With the bucket they are gone; and where S3 does not delete it, it keeps them.
  const part = { ...options, parent: bucket, deletedWith: bucket };
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
    part,
  );
  encrypt(name, args, bucket, part);
  const blocked = new aws.s3.BucketPublicAccessBlock(
    `${name}-public`,
    {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    part,
  );
  const statements = [tlsOnly(bucket.arn), ...(args.statements?.(bucket.arn) ?? [])];
  const policy = new aws.s3.BucketPolicy(
    `${name}-policy`,
    { bucket: bucket.bucket, policy: policyDocument(...statements) },
    // S3 refuses one of the two while it makes the other. And versions are kept before a policy forbids to change that:
    // an update that was interrupted in between would lock itself out.
    { ...part, dependsOn: [blocked, versioning] },
  );
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { bucket: bucket.bucket, rules: [...args.lifecycleRules] },
    // It speaks of versions, which the bucket must keep first.
    { ...part, dependsOn: [versioning] },
  );
  if (args.requestLogs) logRequests(name, args.requestLogs, bucket, part);
  const keepsVersions = pulumi.all([bucket.bucket, versioning.id]);
  return {
    bucket,
    arn: bucket.arn,
    bucketName: keepsVersions.apply(([bucketName]) => bucketName),
    openedName: pulumi.all([bucket.bucket, policy.id]).apply(([bucketName]) => bucketName),
  };
}

/** By day, as Athena reads them without all others. What is in the bucket does not hang on it: it goes with config. */
function logRequests(
  name: string,
  { bucketName, prefix = requestLogsPrefix }: RequestLogsTarget,
  bucket: aws.s3.Bucket,
  options: pulumi.CustomResourceOptions,
): void {
  new aws.s3.BucketLogging(
    `${name}-logging`,
    {
      bucket: bucket.bucket,
      targetBucket: bucketName,
      targetPrefix: prefix,
      targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
    },
    { ...options, ...changeable(bucket) },
  );
}

function encrypt(
  name: string,
  { keyArn }: PrivateBucketArgs,
  { bucket }: aws.s3.Bucket,
  options: pulumi.CustomResourceOptions,
): void {
  const algorithm =
    keyArn === undefined
      ? { sseAlgorithm: "AES256" }
      : { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn };
  new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: algorithm,
          // One call to KMS for many objects.
          ...(keyArn === undefined ? {} : { bucketKeyEnabled: true }),
        },
      ],
    },
    options,
  );
}

function tlsOnly(bucketArn: pulumi.Output<string>): Statement {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    // Denied whatever it is: each name of an action that this listed would leave another out.
    Action: "s3:*",
    Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** Versions that are not the newest any more, and uploads that nobody finished. */
export function oldVersions(keepDays: number): LifecycleRule {
  return {
    id: "versions",
    status: "Enabled",
    filter: { prefix: "" },
    noncurrentVersionExpiration: { noncurrentDays: keepDays },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
  };
}

/** The newest version of objects whose keys begin so. */
export function expiry(id: string, prefix: string, days: number): LifecycleRule {
  return { id, status: "Enabled", filter: { prefix }, expiration: { days } };
}
