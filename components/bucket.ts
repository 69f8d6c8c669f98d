import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketPermissions } from "./bucket/permissions";
import { bucketFaults, type corsMethods } from "./bucket/validate";
import type { Permission } from "./service/statements";
import { changeable } from "./shared/changeable";
import { expiry, oldVersions, privateBucket, type RequestLogsTarget } from "./shared/privateBucket";
import type { Tags } from "./shared/tags";
import { refuse } from "./shared/validation";

/** What pages of other origins may ask of a bucket. */
export interface CorsRule {
  /** Origins as `https://shop.example.com`, with one `*` at most. */
  readonly origins: readonly string[];
  readonly methods: readonly (typeof corsMethods)[number][];
  /** Headers that a request may have. Without it, the simple ones. */
  readonly headers?: readonly string[];
  /** Headers of answers that a page may read, such as `ETag`. Without it, the simple ones. */
  readonly exposeHeaders?: readonly string[];
  /** Seconds for which browsers keep the answer. Without it, 3000. */
  readonly maxAgeSeconds?: number;
}

export interface BucketArgs {
  /** Physical name, unique in all of AWS. Without it, Pulumi names the bucket. */
  readonly bucketName?: pulumi.Input<string>;
  /** Days for which a version is kept that is not the newest any more, 1 or more. Without it, 30. */
  readonly keepVersionDays?: number;
  /** Days after which objects expire, by the beginning of their keys: `{ "tmp/": 7 }`. Without it, none does. */
  readonly expireDays?: Readonly<Record<string, number>>;
  /** Without it, no page of another origin reaches it. */
  readonly cors?: readonly CorsRule[];
  /** Whether S3 tells EventBridge of what happens to its objects, about five minutes after it is set. Without it, no. */
  readonly eventBridge?: boolean;
  /**
   * Whether the bucket stays in AWS when the program has it no more, and Pulumi forgets it. Without it, it is deleted, which
   * S3 refuses while there is an object or a version in it.
   */
  readonly retain?: boolean;
  /** The KMS key that encrypts objects that come from now on, which tasks may use then. Without it, S3's own (SSE-S3). */
  readonly keyArn?: pulumi.Input<string>;
  /** Where S3 logs each request to the bucket, such as an `AccessLogs`. Without it, none is logged. */
  readonly requestLogs?: RequestLogsTarget;
  readonly tags?: Tags;
}

/**
 * A bucket in S3 for what services keep: public to nobody, every version kept for a while, encrypted, TLS alone. It is never
 * deleted with what it holds.
 *
 * It costs 0.023 USD a GB and month, older versions too, and 0.005 USD for 1000 writes (S3 Standard, us-east-1).
 *
 * @example
 * new Bucket("uploads", {});
 * @example
 * new Bucket("uploads", { keepVersionDays: 90, expireDays: { "tmp/": 7 }, retain: true,
 *   cors: [{ origins: ["https://shop.example.com"], methods: ["PUT"], headers: ["content-type"] }],
 *   eventBridge: true, keyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
 *   tags: { team: "shop" } }, { protect: true });
 */
export class Bucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  /** What lets tasks list it, and read, write and delete objects. */
  readonly permissions: readonly Permission[];

  constructor(name: string, args: BucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:Bucket", name, {}, opts);
    refuse(this, "Bucket", bucketFaults(args));
    const {
      bucketName,
      keepVersionDays = 30,
      expireDays = {},
      retain = false,
      keyArn,
      requestLogs,
      tags,
    } = args;
    const expiries = Object.entries(expireDays).map(([prefix, days], index) =>
      expiry(`expire${index + 1}`, prefix, days),
    );
    const made = privateBucket(
      name,
      {
        ...{ bucketName, keyArn, requestLogs, forceDestroy: false, tags },
        lifecycleRules: [oldVersions(keepVersionDays), ...expiries],
      },
      { parent: this, retainOnDelete: retain },
    );
    if (args.cors && args.cors.length > 0) this.openToPages(name, args.cors, made.bucket);
    if (args.eventBridge) this.tellOfObjects(name, made.bucket);
    this.bucketName = made.bucketName;
    this.bucketArn = made.arn;
    this.permissions = bucketPermissions(made.arn, keyArn);
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }

  private openToPages(name: string, rules: readonly CorsRule[], bucket: aws.s3.Bucket): void {
    new aws.s3.BucketCorsConfiguration(
      `${name}-cors`,
      {
        bucket: bucket.bucket,
        corsRules: rules.map((rule) => ({
          allowedOrigins: [...rule.origins],
          allowedMethods: [...rule.methods],
          allowedHeaders: rule.headers && [...rule.headers],
          exposeHeaders: rule.exposeHeaders && [...rule.exposeHeaders],
          maxAgeSeconds: rule.maxAgeSeconds ?? 3000,
        })),
      },
      changeable(bucket),
    );
  }

  private tellOfObjects(name: string, bucket: aws.s3.Bucket): void {
    new aws.s3.BucketNotification(
      `${name}-events`,
      { bucket: bucket.bucket, eventbridge: true },
      changeable(bucket),
    );
  }
}
