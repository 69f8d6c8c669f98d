import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../shared/iam";
import {
  expiry,
  oldVersions,
  privateBucket,
  type RequestLogsTarget,
} from "../shared/privateBucket";
import type { Tags } from "../shared/tags";

export interface BucketArgs {
  /** Physical name. Without it, Pulumi names the bucket. */
  readonly bucketName?: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
  /** Where S3 logs each request to the bucket, such as an `AccessLogs`. Without it, none is logged. */
  readonly requestLogs?: RequestLogsTarget;
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
  const { bucketName, keyArn, expire, keepVersionDays, requestLogs, forceDestroy, tags } = args;
  const expiries = expire
    ? expire.prefixes.map((prefix, index) => expiry(`expire${index + 1}`, prefix, expire.days))
    : [];
  const made = privateBucket(
    name,
    {
      ...{ bucketName, keyArn, requestLogs, forceDestroy, tags },
      lifecycleRules: [oldVersions(keepVersionDays), ...expiries],
      statements: (bucketArn) => (forceDestroy ? [] : [versionsStay(bucketArn)]),
    },
    { parent },
  );
  if (args.events) {
    new aws.s3.BucketNotification(
      `${name}-events`,
      { bucket: made.bucket.bucket, eventbridge: true },
      { parent: made.bucket },
    );
  }
  return { arn: made.arn, bucketName: made.bucketName };
}

function versionsStay(bucketArn: pulumi.Output<string>): Statement {
  return {
    Sid: "VersionsStay",
    Effect: "Deny",
    Principal: "*",
    // Lifecycle rules expire them all the same.
    Action: ["s3:DeleteObjectVersion", "s3:PutBucketVersioning"],
    Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
  };
}
