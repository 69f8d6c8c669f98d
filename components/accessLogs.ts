import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "./shared/iam";
import { expiry, oldVersions, privateBucket, requestLogsPrefix } from "./shared/privateBucket";
import type { Tags } from "./shared/tags";
import { refuse, retentionFaults } from "./shared/validation";

export interface AccessLogsArgs {
  /** The account whose load balancers and buckets are logged, of twelve digits. */
  readonly accountId: pulumi.Input<string>;
  /** Days after which a log expires, 1 or more. Without it, 90. */
  readonly retentionDays?: number;
  /** Physical name, unique in all of AWS. Without it, Pulumi names the bucket. */
  readonly bucketName?: pulumi.Input<string>;
  /**
   * Whether the bucket stays in AWS when the program has it no more: its logs expire as before. Without it, it is deleted, which
   * S3 refuses while there is a log in it.
   */
  readonly retain?: boolean;
  readonly tags?: Tags;
}

/**
 * A bucket for the access logs of the load balancers and buckets of an account and region: private, encrypted with S3's own keys (Elastic
 * Load Balancing takes no others), TLS alone; nobody but their log delivery is let in, and what it wrote expires.
 *
 * Writing logs costs nothing ("Access logs for your Application Load Balancer", ELB user guide; "Enabling Amazon S3 server access
 * logging", S3 user guide), keeping them 0.023 USD a GB and month (S3 Standard, us-east-1).
 *
 * @example
 * new AccessLogs("shop", { accountId: "123456789012" });
 * @example
 * new AccessLogs("shop", { accountId: "123456789012", bucketName: "acme-shop-logs", retentionDays: 365, retain: true,
 *   tags: { team: "shop" } });
 */
export class AccessLogs extends pulumi.ComponentResource {
  /** Known once load balancers and S3 may write to it: AWS refuses to turn logs on before. */
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:AccessLogs", name, {}, opts);
    const { accountId, bucketName, retentionDays = 90, retain = false, tags } = args;
    refuse(this, "AccessLogs", retentionFaults(retentionDays));
    const { openedName } = privateBucket(
      `${name}-access-logs`,
      {
        ...{ bucketName, forceDestroy: false, tags },
        // Nobody writes a log twice: of what expired a version would be left.
        lifecycleRules: [oldVersions(1), expiry("logs", "", retentionDays)],
        statements: (bucketArn) => [
          logDelivery(bucketArn, accountId),
          requestLogs(bucketArn, accountId),
        ],
      },
      { parent: this, retainOnDelete: retain },
    );
    this.bucketName = openedName;
    this.registerOutputs({ bucketName: this.bucketName });
  }
}

/**
 * Lets the load balancers of an account write. The service's principal holds in all regions since September 2025; the accounts
 * that regions before August 2022 had in its place still do, and are not needed. That the account stands in the path keeps
 * others' load balancers out. Sources: "Document history" and "Enable access logs for your Application Load Balancer", ELB
 * user guide.
 */
function logDelivery(bucketArn: pulumi.Output<string>, accountId: pulumi.Input<string>): Statement {
  return {
    Sid: "LogDelivery",
    Effect: "Allow",
    Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: pulumi.interpolate`${bucketArn}/AWSLogs/${accountId}/*`,
  };
}

/** Lets S3 write logs of requests to the account's buckets ("Enabling Amazon S3 server access logging", S3 user guide). */
function requestLogs(bucketArn: pulumi.Output<string>, accountId: pulumi.Input<string>): Statement {
  return {
    Sid: "RequestLogs",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: pulumi.interpolate`${bucketArn}/${requestLogsPrefix}*`,
    Condition: { StringEquals: { "aws:SourceAccount": accountId } },
  };
}
