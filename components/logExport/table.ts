import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PrivateBucket } from "../shared/privateBucket";
import type { Tags } from "../shared/tags";
import { prefixes } from "./bucket";
import { partitionKey } from "./partition";
import { savedQueries } from "./queries";

/** What one query may read at most, in bytes: 100 GiB, for about 0.50 USD ("Amazon Athena pricing", us-east-1). */
const mostBytesOfQuery = 100 * 1024 ** 3;

export const tableName = "logs";

interface TableArgs {
  readonly exportName: string;
  readonly databaseName: string;
  readonly bucket: PrivateBucket;
  readonly logGroups: Readonly<Record<string, pulumi.Input<string>>>;
  readonly keyArn?: pulumi.Input<string>;
  readonly retentionDays: number;
  readonly tags?: Tags;
}

/**
 * The table in Glue's catalog, whose partitions follow from the names of folders, so that nothing has to look for new ones; and Athena's
 * workgroup with its saved queries.
 */
export function logTable(
  name: string,
  args: TableArgs,
  parent: pulumi.Resource,
): aws.athena.Workgroup {
  const { databaseName, bucket, logGroups, tags } = args;
  const database = new aws.glue.CatalogDatabase(
    `${name}-logs`,
    { name: databaseName, description: "Logs that are exported to S3", tags },
    { parent },
  );
  new aws.glue.CatalogTable(
    `${name}-logs`,
    { databaseName: database.name, name: tableName, ...tableOf(args) },
    { parent, deletedWith: database },
  );
  const workgroup = athenaWorkgroup(name, args, parent);
  const groups = pulumi.all(Object.values(logGroups));
  for (const { key, description, text } of savedQueries) {
    new aws.athena.NamedQuery(
      `${name}-logs-${key}`,
      {
        ...{ name: key, description, workgroup: workgroup.id, database: database.name },
        query: pulumi.all([database.name, groups]).apply(([of, each]) => text(of, each)),
      },
      { parent, deletedWith: workgroup },
    );
  }
  return workgroup;

  function tableOf({ retentionDays }: TableArgs) {
    const location = pulumi.interpolate`s3://${bucket.bucketName}/${prefixes.logs}`;
    return {
      tableType: "EXTERNAL_TABLE",
      parameters: {
        EXTERNAL: "TRUE",
        "projection.enabled": "true",
        // Of any group, also of one that is there no more: a query says which.
        [`projection.${partitionKey}.type`]: "injected",
        "projection.day.type": "date",
        "projection.day.format": "yyyy-MM-dd",
        "projection.day.interval": "1",
        "projection.day.interval.unit": "DAYS",
        "projection.day.range": `NOW-${retentionDays}DAYS,NOW`,
        "storage.location.template": pulumi.interpolate`${location}$\{${partitionKey}}/$\{day}`,
      },
      partitionKeys: [
        { name: partitionKey, type: "string" },
        { name: "day", type: "string" },
      ],
      storageDescriptor: {
        location,
        inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
        outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        serDeInfo: { serializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
        // As CloudWatch Logs hands them over, whose names the reader compares without their case.
        columns: [
          { name: "owner", type: "string" },
          { name: "loggroup", type: "string" },
          { name: "logstream", type: "string" },
          {
            name: "logevents",
            type: "array<struct<id:string,timestamp:bigint,message:string>>",
          },
        ],
      },
    };
  }
}

function athenaWorkgroup(
  name: string,
  { exportName, bucket, keyArn, tags }: TableArgs,
  parent: pulumi.Resource,
): aws.athena.Workgroup {
  return new aws.athena.Workgroup(
    `${name}-logs`,
    {
      name: exportName,
      description: "Queries of logs that are exported to S3",
      configuration: {
        enforceWorkgroupConfiguration: true,
        bytesScannedCutoffPerQuery: mostBytesOfQuery,
        resultConfiguration: {
          outputLocation: pulumi.interpolate`s3://${bucket.bucketName}/${prefixes.results}`,
          encryptionConfiguration:
            keyArn === undefined
              ? { encryptionOption: "SSE_S3" }
              : { encryptionOption: "SSE_KMS", kmsKeyArn: keyArn },
        },
      },
      // The history of queries is nothing that must be kept.
      forceDestroy: true,
      tags,
    },
    { parent },
  );
}
