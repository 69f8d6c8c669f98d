import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { logBucket } from "./logExport/bucket";
import { logStream } from "./logExport/stream";
import { subscribe } from "./logExport/subscriptions";
import { logTable } from "./logExport/table";
import { accountOf } from "./shared/account";
import type { RequestLogsTarget } from "./shared/privateBucket";
import type { Tags } from "./shared/tags";
import { refuse, retentionFaults } from "./shared/validation";

export interface LogExportArgs {
  /**
   * The log groups that are exported, of the class `STANDARD` and of one region, by a name that is theirs alone in the program. Each takes
   * one of the two subscriptions that a group may have.
   */
  readonly logGroups: Readonly<Record<string, pulumi.Input<string>>>;
  /** Physical name of the Firehose stream and of Athena's workgroup, of at most 64 characters. */
  readonly exportName: string;
  /** Name of the database in Glue's catalog: lower-case letters, digits and underscores. */
  readonly databaseName: string;
  /** Physical name, unique in all of AWS. Without it, Pulumi names the bucket. */
  readonly bucketName?: pulumi.Input<string>;
  /** Days after which what was exported expires, 1 or more. Without it, 365. */
  readonly retentionDays?: number;
  /** Where Firehose tells what it could not deliver. Without it, Pulumi names the group, for 90 days. */
  readonly errorLog?: { readonly logGroupName?: string; readonly retentionDays: number };
  /** ARN of the KMS key of stream, bucket and results. Without it, keys that AWS has. */
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
 * Log groups exported to S3, and a table to query them by: each group has a subscription, by which CloudWatch Logs hands what is logged to
 * a stream of Amazon Data Firehose, which unpacks it and puts it into a bucket by log group and day (UTC), compressed; Athena's workgroup has
 * the table `logs` and saved queries. The bucket is private, versioned and talks TLS alone; what is older than 90 days moves to S3 Glacier
 * Instant Retrieval where it is kept for 180 days or more. Nothing is exported of what was logged before.
 *
 * Without any log it costs nothing. What it costs for a GB of logs is in docs/config/logs.md.
 *
 * @example
 * new LogExport("shop", { exportName: "shop-logs", databaseName: "shop", logGroups: { web: "/shop/web" } });
 * @example
 * new LogExport("shop", { exportName: "shop--production--logs", databaseName: "shop__production", logGroups: { web: "/shop/web" },
 *   bucketName: "acme-shop-exported-logs", retentionDays: 730, errorLog: { logGroupName: "/shop/log-export", retentionDays: 30 },
 *   keyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef", retain: true, tags: { team: "shop" } });
 */
export class LogExport extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly streamArn: pulumi.Output<string>;
  /** Athena's workgroup, which has the saved queries and a place for results. */
  readonly workgroupName: pulumi.Output<string>;

  constructor(name: string, args: LogExportArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:LogExport", name, {}, opts);
    const { exportName, databaseName, logGroups, keyArn, retentionDays = 365, tags } = args;
    refuse(this, "LogExport", retentionFaults(retentionDays));
    const errorLog = this.errorLog(name, args);
    const account = accountOf(errorLog.arn);
    const bucket = logBucket(name, { ...args, retentionDays }, this);
    const given = { account, exportName, bucket, errorLog, keyArn, tags };
    const streamArn = logStream(name, given, this);
    subscribe(name, { account, streamArn, logGroups, tags }, this);
    const workgroup = logTable(
      name,
      { exportName, databaseName, bucket, logGroups, keyArn, retentionDays, tags },
      this,
    );
    this.bucketName = bucket.bucketName;
    this.streamArn = streamArn;
    this.workgroupName = workgroup.name;
    this.registerOutputs({ bucketName: this.bucketName, workgroupName: this.workgroupName });
  }

  /** It is none of the groups that are exported: what cannot be delivered would be told, exported, and told again. */
  private errorLog(name: string, { errorLog, tags }: LogExportArgs): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      `${name}-log-export`,
      { name: errorLog?.logGroupName, retentionInDays: errorLog?.retentionDays ?? 90, tags },
      { parent: this },
    );
  }
}
