import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { text, type Account } from "../shared/account";
import { allow, policyDocument, trustOf, viaServices, type Statement } from "../shared/iam";
import { boundedName } from "../shared/naming";
import type { PrivateBucket } from "../shared/privateBucket";
import type { Tags } from "../shared/tags";
import { prefixes } from "./bucket";
import { partitionKey, partitionQuery } from "./partition";

/** The most that Firehose waits for more, so that there are few objects. */
const bufferSeconds = 900;

/** The least that it takes where it partitions ("BufferingHints", Firehose API reference). */
const bufferMiB = 64;

interface StreamArgs {
  readonly account: Account;
  readonly exportName: string;
  readonly bucket: PrivateBucket;
  readonly errorLog: aws.cloudwatch.LogGroup;
  readonly keyArn?: pulumi.Input<string>;
  readonly tags?: Tags;
}

/**
 * The Firehose stream that unpacks what CloudWatch Logs hands it, and puts it into the bucket by log group and day.
 * @returns its ARN, once it may write.
 */
export function logStream(
  name: string,
  args: StreamArgs,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { exportName, bucket, errorLog, keyArn, tags } = args;
  const errors = new aws.cloudwatch.LogStream(
    `${name}-log-export-errors`,
    { name: "S3Delivery", logGroupName: errorLog.name },
    { parent, deletedWith: errorLog },
  );
  const { role, policy } = deliveryRole(name, args, parent);
  const stream = new aws.kinesis.FirehoseDeliveryStream(
    `${name}-log-export`,
    {
      name: exportName,
      destination: "extended_s3",
      serverSideEncryption: {
        enabled: true,
        ...(keyArn === undefined ? {} : { keyType: "CUSTOMER_MANAGED_CMK", keyArn }),
      },
      extendedS3Configuration: {
        roleArn: role.arn,
        bucketArn: bucket.arn,
        prefix: `${prefixes.logs}!{partitionKeyFromQuery:${partitionKey}}/!{timestamp:yyyy-MM-dd}/`,
        errorOutputPrefix: `${prefixes.errors}!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/`,
        bufferingInterval: bufferSeconds,
        bufferingSize: bufferMiB,
        compressionFormat: "GZIP",
        dynamicPartitioningConfiguration: { enabled: true, retryDuration: 300 },
        processingConfiguration: { enabled: true, processors },
        cloudwatchLoggingOptions: {
          enabled: true,
          logGroupName: errorLog.name,
          logStreamName: errors.name,
        },
      },
      tags,
    },
    { parent, dependsOn: [policy] },
  );
  return stream.arn;
}

/**
 * The lines of a message stay together, with the log group and stream that they are of: that is one line of JSON. `CloudWatchLogProcessing`,
 * which would take the bare lines out, loses both.
 */
const processors = [
  {
    type: "Decompression",
    parameters: [{ parameterName: "CompressionFormat", parameterValue: "GZIP" }],
  },
  {
    type: "MetadataExtraction",
    parameters: [
      { parameterName: "MetadataExtractionQuery", parameterValue: partitionQuery },
      { parameterName: "JsonParsingEngine", parameterValue: "JQ-1.6" },
    ],
  },
  {
    type: "AppendDelimiterToRecord",
    parameters: [{ parameterName: "Delimiter", parameterValue: "\\n" }],
  },
];

function deliveryRole(name: string, args: StreamArgs, parent: pulumi.Resource) {
  const role = new aws.iam.Role(
    boundedName(`${name}-log-export`, 64),
    {
      // That it is for this account's stream Firehose says so ("Allow Firehose to assume an IAM role", developer guide).
      assumeRolePolicy: trustOf("firehose.amazonaws.com", {
        StringEquals: { "sts:ExternalId": args.account.accountId },
      }),
      tags: args.tags,
    },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-log-export`,
    { role: role.name, policy: policyDocument(...deliveryStatements(args)) },
    { parent },
  );
  return { role, policy };
}

/** "Grant Firehose access to an Amazon S3 destination", Firehose developer guide. */
function deliveryStatements({ account, bucket, errorLog, keyArn }: StreamArgs): Statement[] {
  return [
    allow(["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"], [bucket.arn]),
    allow(
      ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
      [prefixes.logs, prefixes.errors].map((prefix) => text`${bucket.arn}/${prefix}*`),
    ),
    allow(["logs:PutLogEvents"], [text`${errorLog.arn}:*`]),
    ...(keyArn === undefined
      ? []
      : [allow(["kms:Decrypt", "kms:GenerateDataKey"], [keyArn], viaServices(account, ["s3"]))]),
  ];
}
