import assert from "node:assert/strict";
import { LogExport, type LogExportArgs } from "../../components";
import { folderOf } from "../../components/logExport/partition";
import { isAllowed, mayAssume, type PolicyDocument } from "../support/policies";
import { parsed, record, type RecordingOptions } from "../support/record";

const types = {
  bucket: "aws:s3/bucket:Bucket",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  encryption:
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  named: "aws:athena/namedQuery:NamedQuery",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  stream: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  subscription: "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
  table: "aws:glue/catalogTable:CatalogTable",
  workgroup: "aws:athena/workgroup:Workgroup",
} as const;

const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
const streamArn = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/shop--staging--logs";
const bucketArn = "arn:aws:s3:::shop-exported-logs-1a2b3c4";

function exported(more: Partial<LogExportArgs> = {}, options?: RecordingOptions) {
  const args: LogExportArgs = {
    ...{ exportName: "shop--staging--logs", databaseName: "shop__staging" },
    logGroups: { web: "/gantry/shop/staging/services/web", exec: "/gantry/shop/staging/exec" },
    errorLog: { logGroupName: "/gantry/shop/staging/log-export", retentionDays: 14 },
    ...more,
  };
  return record(() => new LogExport("shop", args), options);
}

interface Destination {
  readonly prefix: string;
  readonly errorOutputPrefix: string;
  readonly processingConfiguration: {
    readonly processors: readonly {
      readonly type: string;
      readonly parameters: readonly { parameterName: string; parameterValue: string }[];
    }[];
  };
}

describe("LogExport", () => {
  it("has each log group handed to one stream, whole", async () => {
    const { all } = await exported();
    assert.deepEqual(
      all(types.subscription).map(({ name, inputs }) => [name, inputs]),
      ["web", "exec"].map((group) => [
        `${group}-export`,
        {
          logGroup: `/gantry/shop/staging/${group === "web" ? "services/web" : group}`,
          ...{ filterPattern: "", destinationArn: streamArn },
          roleArn: "arn:aws:iam::123456789012:role/shop-log-subscriptions-1a2b3c4",
        },
      ]),
    );
  });

  it("unpacks it, and puts it by log group and day, compressed, and elsewhere what it cannot", async () => {
    const { one } = await exported();
    const { inputs } = one(types.stream);
    const { processingConfiguration, ...destination } =
      inputs.extendedS3Configuration as Destination;
    assert.deepEqual(destination, {
      ...{ bucketArn, compressionFormat: "GZIP", bufferingInterval: 900, bufferingSize: 64 },
      roleArn: "arn:aws:iam::123456789012:role/shop-log-export-1a2b3c4",
      prefix: "logs/!{partitionKeyFromQuery:log_group}/!{timestamp:yyyy-MM-dd}/",
      errorOutputPrefix: "errors/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/",
      dynamicPartitioningConfiguration: { enabled: true, retryDuration: 300 },
      cloudwatchLoggingOptions: {
        ...{ enabled: true, logGroupName: "/gantry/shop/staging/log-export" },
        logStreamName: "S3Delivery",
      },
    });
    const steps = processingConfiguration.processors;
    assert.deepEqual(
      steps.map(({ type }) => type),
      ["Decompression", "MetadataExtraction", "AppendDelimiterToRecord"],
    );
    for (const { parameterValue } of steps.flatMap(({ parameters }) => parameters)) {
      assert.ok(parameterValue.length <= 512, "the provider takes no more");
    }
  });

  it("puts a log group where a query looks for it", () => {
    assert.equal(folderOf("/gantry/shop/staging/services/web"), "gantry.shop.staging.services.web");
    assert.equal(folderOf("aws-waf-logs-shop--staging"), "aws-waf-logs-shop--staging");
  });

  it("names the columns as they come, and finds partitions without looking for them", async () => {
    const { one } = await exported({ retentionDays: 30 });
    const { inputs } = one(types.table);
    assert.deepEqual([inputs.databaseName, inputs.name], ["shop__staging", "logs"]);
    const location = "s3://shop-exported-logs-1a2b3c4/logs/";
    assert.deepEqual(inputs.parameters, {
      ...{ EXTERNAL: "TRUE", "projection.enabled": "true" },
      "projection.log_group.type": "injected",
      "projection.day.type": "date",
      "projection.day.format": "yyyy-MM-dd",
      "projection.day.interval": "1",
      "projection.day.interval.unit": "DAYS",
      "projection.day.range": "NOW-30DAYS,NOW",
      "storage.location.template": `${location}\${log_group}/\${day}`,
    });
    const { location: at, columns } = inputs.storageDescriptor as {
      location: string;
      columns: { name: string }[];
    };
    assert.equal(at, location);
    assert.deepEqual(
      columns.map(({ name }) => name),
      ["owner", "loggroup", "logstream", "logevents"],
    );
  });

  it("saves queries of all groups, in a workgroup that bounds what one reads", async () => {
    const { all, one } = await exported({ keyArn });
    const { inputs } = one(types.workgroup);
    assert.deepEqual(inputs.configuration, {
      ...{ enforceWorkgroupConfiguration: true, bytesScannedCutoffPerQuery: 107_374_182_400 },
      resultConfiguration: {
        outputLocation: "s3://shop-exported-logs-1a2b3c4/results/",
        encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: keyArn },
      },
    });
    const queries = all(types.named).map(({ inputs }) => inputs);
    assert.deepEqual(
      queries.map(({ name }) => name),
      ["errors", "text", "volume"],
    );
    for (const { query } of queries) {
      assert.match(
        String(query),
        /FROM "shop__staging"\.logs CROSS JOIN UNNEST\(logevents\) AS e \(id, ts, message\)\nWHERE log_group IN \('gantry\.shop\.staging\.exec', 'gantry\.shop\.staging\.services\.web'\)\n +AND day /,
      );
    }
  });

  describe("retention", () => {
    const rules = async (more: Partial<LogExportArgs>) => {
      const { one } = await exported(more);
      return (one(types.lifecycle).inputs.rules as { id: string }[]).slice(1);
    };
    const expire = (id: string, prefix: string, days: number) => ({
      ...{ id, status: "Enabled", filter: { prefix }, expiration: { days } },
    });

    it("is a year, of which most in a class that costs less", async () => {
      assert.deepEqual(await rules({}), [
        expire("logs", "logs/", 365),
        {
          ...{ id: "cold", status: "Enabled", filter: { prefix: "logs/" } },
          transitions: [{ days: 90, storageClass: "GLACIER_IR" }],
        },
        expire("errors", "errors/", 30),
        expire("results", "results/", 7),
      ]);
    });

    it("moves nothing that would be billed for longer than it is kept", async () => {
      const ids = (await rules({ retentionDays: 179 })).map(({ id }) => id);
      assert.deepEqual(ids, ["logs", "errors", "results"]);
    });

    it("keeps what was exported, where it is told", async () => {
      const kept = await exported({ retain: true });
      assert.equal(kept.one(types.bucket).options.retainOnDelete, true);
      assert.equal(kept.one(types.stream).options.retainOnDelete, false);
      const gone = await exported();
      assert.equal(gone.one(types.bucket).options.retainOnDelete, false);
    });
  });

  describe("security", () => {
    it("encrypts stream and bucket with a key, where there is one", async () => {
      const { one } = await exported({ keyArn });
      assert.deepEqual(one(types.stream).inputs.serverSideEncryption, {
        ...{ enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn },
      });
      assert.deepEqual(one(types.encryption).inputs.rules, [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
          bucketKeyEnabled: true,
        },
      ]);
      const without = await exported();
      assert.deepEqual(without.one(types.stream).inputs.serverSideEncryption, { enabled: true });
    });

    it("lets the stream write below what is its own, and read nothing else", async () => {
      const { one } = await exported({ keyArn });
      const identity = [parsed<PolicyDocument>(one(types.rolePolicy, "shop-log-export"), "policy")];
      const may = (action: string, resource: string, context = {}) =>
        isAllowed({ action, resource, context }, { identity });
      assert.ok(may("s3:PutObject", `${bucketArn}/logs/gantry/2026-01-31/1.gz`));
      assert.ok(may("s3:PutObject", `${bucketArn}/errors/decompression-failed/1`));
      assert.ok(!may("s3:PutObject", `${bucketArn}/results/1.csv`));
      assert.ok(!may("s3:DeleteObject", `${bucketArn}/logs/gantry/2026-01-31/1.gz`));
      assert.ok(
        may("kms:GenerateDataKey", keyArn, { "kms:ViaService": "s3.eu-west-1.amazonaws.com" }),
      );
      assert.ok(!may("kms:Decrypt", keyArn));
      const log = "arn:aws:logs:eu-west-1:123456789012:log-group:/gantry/shop/staging";
      assert.ok(may("logs:PutLogEvents", `${log}/log-export:log-stream:S3Delivery`));
      assert.ok(!may("logs:PutLogEvents", `${log}/exec:log-stream:S3Delivery`));
    });

    it("trusts both services for the account alone", async () => {
      const { one } = await exported();
      const trust = (name: string) =>
        parsed<PolicyDocument>(one(types.role, name), "assumeRolePolicy");
      const firehose = (account: string) =>
        mayAssume(trust("shop-log-export"), "firehose.amazonaws.com", {
          "sts:ExternalId": account,
        });
      assert.deepEqual([firehose("123456789012"), firehose("999999999999")], [true, false]);
      const logs = (arn: string) =>
        mayAssume(trust("shop-log-subscriptions"), "logs.amazonaws.com", { "aws:SourceArn": arn });
      assert.ok(logs("arn:aws:logs:eu-west-1:123456789012:log-group:/shop:*"));
      assert.ok(!logs("arn:aws:logs:eu-west-1:999999999999:log-group:/shop:*"));
      const { inputs } = one(types.rolePolicy, "shop-log-subscriptions");
      assert.deepEqual(JSON.parse(String(inputs.policy)), {
        Version: "2012-10-17",
        Statement: [
          {
            ...{ Effect: "Allow", Resource: [streamArn] },
            Action: ["firehose:PutRecord", "firehose:PutRecordBatch"],
          },
        ],
      });
    });
  });

  it("can be previewed", async () => {
    const { all } = await exported({}, { preview: true });
    assert.equal(all(types.subscription).length, 2);
  });

  it("fails when the retention is no number of days", async () => {
    await assert.rejects(
      exported({ retentionDays: 0 }),
      /LogExport retentionDays: given 0; allowed: whole days, 1 or more/,
    );
  });
});
