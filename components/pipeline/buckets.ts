import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../shared/iam";
import { boundedName } from "../shared/naming";
import type { Tags } from "../shared/tags";

type LifecycleRule = aws.types.input.s3.BucketLifecycleConfigurationRule;

export interface BucketArgs {
  /** Physical name. Without it, Pulumi names the bucket. */
  readonly bucketName?: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
  /** Days after which the newest version of an object expires whose key begins so. Without it, never. */
  readonly expire?: { readonly days: number; readonly prefixes: readonly string[] };
  /** Days for which a version is kept that is not the newest any more. */
  readonly keepVersionDays: number;
  /** Whether objects that are made show as events. Without it, no. */
  readonly events?: boolean;
  /** Whether the bucket may be destroyed with what it holds. */
  readonly forceDestroy: boolean;
  readonly tags?: Tags;
}

/**
 * A bucket that keeps every version, encrypts with a key of its own, talks TLS alone, and is public to nobody.
 * @returns the bucket, once its versions are kept: CodePipeline refuses one that keeps none.
 */
export function pipelineBucket(
  name: string,
  args: BucketArgs,
  parent: pulumi.Resource,
): { readonly arn: pulumi.Output<string>; readonly bucketName: pulumi.Output<string> } {
  const bucket = new aws.s3.Bucket(
    // Bucket names have 63 characters at most.
    boundedName(name, 63),
    { bucket: args.bucketName, forceDestroy: args.forceDestroy, tags: args.tags },
    { parent },
  );
  const part = { parent: bucket };
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
    part,
  );
  new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      bucket: bucket.bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: "aws:kms",
            kmsMasterKeyId: args.keyArn,
          },
          // One call to KMS for many objects.
          bucketKeyEnabled: true,
        },
      ],
    },
    part,
  );
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
  new aws.s3.BucketPolicy(
    `${name}-policy`,
    { bucket: bucket.bucket, policy: policyDocument(...bucketStatements(bucket.arn, args)) },
    // S3 refuses one of the two while it makes the other. And versions are kept before the policy forbids to change that:
    // an update that was interrupted in between would lock itself out.
    { ...part, dependsOn: [blocked, versioning] },
  );
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { bucket: bucket.bucket, rules: lifecycleRules(args) },
    // It speaks of versions, which the bucket must keep first.
    { ...part, dependsOn: [versioning] },
  );
  if (args.events) {
    new aws.s3.BucketNotification(
      `${name}-events`,
      { bucket: bucket.bucket, eventbridge: true },
      part,
    );
  }
  const keepsVersions = pulumi.all([bucket.bucket, versioning.id]);
  return { arn: bucket.arn, bucketName: keepsVersions.apply(([bucketName]) => bucketName) };
}

function bucketStatements(bucketArn: pulumi.Output<string>, args: BucketArgs): Statement[] {
  const objects = pulumi.interpolate`${bucketArn}/*`;
  const tlsOnly: Statement = {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    // Denied whatever it is: each name of an action that this listed would leave another out.
    Action: "s3:*",
    Resource: [bucketArn, objects],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const versionsStay: Statement = {
    Sid: "VersionsStay",
    Effect: "Deny",
    Principal: "*",
    // Lifecycle rules expire them all the same.
    Action: ["s3:DeleteObjectVersion", "s3:PutBucketVersioning"],
    Resource: [bucketArn, objects],
  };
  return args.forceDestroy ? [tlsOnly] : [tlsOnly, versionsStay];
}

function lifecycleRules({ expire, keepVersionDays }: BucketArgs): LifecycleRule[] {
  return [
    {
      id: "versions",
      status: "Enabled",
      filter: { prefix: "" },
      noncurrentVersionExpiration: { noncurrentDays: keepVersionDays },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
    ...(expire?.prefixes ?? []).map((prefix, index) => ({
      id: `expire${index + 1}`,
      status: "Enabled",
      filter: { prefix },
      expiration: { days: expire?.days },
    })),
  ];
}
