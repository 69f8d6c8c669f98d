import assert from "node:assert/strict";
import { AccessLogs, LoadBalancer, type AccessLogsArgs } from "../../components";
import { parsed, record } from "../support/record";
import { network, types } from "./service/support";

const types3 = {
  bucket: "aws:s3/bucket:Bucket",
  policy: "aws:s3/bucketPolicy:BucketPolicy",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  encryption:
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
} as const;

const logs = (more: Partial<AccessLogsArgs> = {}) =>
  record(() => new AccessLogs("shop", { accountId: "123456789012", ...more }));

const expiring = (days: number) => [
  {
    ...{ id: "versions", status: "Enabled", filter: { prefix: "" } },
    noncurrentVersionExpiration: { noncurrentDays: 1 },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
  },
  { id: "logs", status: "Enabled", filter: { prefix: "" }, expiration: { days } },
];

describe("AccessLogs", () => {
  it("lets load balancers and S3 write for its account, and nobody speak anything but TLS", async () => {
    const { one } = await logs();
    const bucket = "arn:aws:s3:::shop-access-logs-1a2b3c4";
    const { Statement } = parsed<{ readonly Statement: readonly unknown[] }>(
      one(types3.policy),
      "policy",
    );
    assert.deepEqual(Statement, [
      {
        ...{ Sid: "TlsOnly", Effect: "Deny", Principal: "*", Action: "s3:*" },
        Resource: [bucket, `${bucket}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        ...{ Sid: "LogDelivery", Effect: "Allow", Action: "s3:PutObject" },
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Resource: `${bucket}/AWSLogs/123456789012/*`,
      },
      {
        ...{ Sid: "RequestLogs", Effect: "Allow", Action: "s3:PutObject" },
        Principal: { Service: "logging.s3.amazonaws.com" },
        Resource: `${bucket}/s3/*`,
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });

  it("is encrypted with S3's own keys, and its logs expire after 90 days", async () => {
    const { one } = await logs();
    assert.deepEqual(one(types3.encryption).inputs.rules, [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    assert.deepEqual(one(types3.lifecycle).inputs.rules, expiring(90));
  });

  it("keeps logs as long as it is told, and never goes with what it holds", async () => {
    const { one } = await logs({ retentionDays: 7 });
    assert.deepEqual(one(types3.lifecycle).inputs.rules, expiring(7));
    const { inputs, options } = one(types3.bucket);
    assert.deepEqual([inputs.forceDestroy, options.retainOnDelete], [false, false]);
  });

  it("outlives the program with its expiry where it is told to", async () => {
    const { one } = await logs({ retain: true });
    for (const type of [types3.bucket, types3.lifecycle, types3.policy]) {
      assert.equal(one(type).options.retainOnDelete, true, type);
    }
  });

  it("is written to only once its policy lets load balancers in", async () => {
    const { one } = await record(() => {
      const { bucketName } = new AccessLogs("shop", { accountId: "123456789012" });
      return new LoadBalancer("shop", { network, accessLogs: { bucketName } });
    });
    const { inputs, options } = one(types.loadBalancer);
    assert.deepEqual(inputs.accessLogs, { bucket: "shop-access-logs-1a2b3c4", enabled: true });
    assert.ok(options.dependencies.includes(one(types3.policy).urn));
  });

  it("fails for days that are none", async () => {
    await assert.rejects(
      logs({ retentionDays: 0.5 }),
      /AccessLogs retentionDays: given 0\.5; allowed: whole days, 1 or more; name a whole number/,
    );
  });
});
