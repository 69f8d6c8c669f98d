import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createEnvironment } from "../../stacks/environment";
import { record, type RecordedResource } from "../support/record";
import { checkFaults, parse, web } from "./config/support";
import { everything } from "./everything";
import { environment } from "./support";

const logGroup = "aws:cloudwatch/logGroup:LogGroup";
const subscription = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter";
const stream = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";

const all = {
  ...everything,
  loadBalancer: { ...everything.loadBalancer, waf: "managed" },
  logs: { export: true },
};

const nameOf = ({ name, inputs }: RecordedResource) =>
  typeof inputs.name === "string" ? inputs.name : `${name}-1a2b3c4`;

describe("gantry:logs.export", () => {
  it("is off, unless somebody asks for it", async () => {
    for (const stack of ["staging", "production"]) {
      assert.equal(parse(web({}), { stack }).logs.export, false);
    }
    const made = await environment(everything);
    assert.deepEqual(made.all(stream), []);
  });

  it("exports every log group of the environment, but the one that tells of exports that failed", async () => {
    const made = await environment(all);
    // What chat channels could not be told is logged in another region.
    const here = made.all(logGroup).filter(({ inputs }) => inputs.region === undefined);
    const names = here.map(nameOf);
    const exported = made.all(subscription).map(({ inputs }) => inputs.logGroup);
    assert.ok(exported.length > 14, String(exported.length));
    assert.deepEqual(
      names.filter((name) => !exported.includes(name)),
      ["/gantry/shop/staging/log-export"],
    );
    assert.equal(new Set(exported).size, exported.length);
  });

  it("is named after the environment, with its retention and key", async () => {
    const encryptionKeyArn =
      "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef";
    const { one } = await environment({
      ...all,
      ...{ encryptionKeyArn, logs: { retentionDays: 30, export: { retentionDays: 60 } } },
    });
    const { inputs } = one(stream);
    assert.equal(inputs.name, "shop--staging--logs");
    assert.deepEqual(inputs.serverSideEncryption, {
      ...{ enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn: encryptionKeyArn },
    });
    assert.equal(one("aws:glue/catalogDatabase:CatalogDatabase").inputs.name, "shop__staging");
    const errors = one(logGroup, "shop--staging-log-export").inputs;
    assert.deepEqual([errors.retentionInDays, errors.kmsKeyId], [30, encryptionKeyArn]);
    const bucket = one("aws:s3/bucket:Bucket", "shop-staging-exported-logs");
    assert.deepEqual([bucket.inputs.forceDestroy, bucket.options.retainOnDelete], [false, true]);
    const lifecycle = one(
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "shop--staging-exported-logs-lifecycle",
    );
    assert.match(JSON.stringify(lifecycle.inputs.rules), /"logs\/"},"id":"logs"|"days":60/);
  });

  it("exports own resources' groups, but those that take no subscription", async () => {
    const config = parse({ ...web({}), logs: { export: true } }, { stack: "staging" });
    const resources = () => {
      const elsewhere = new aws.Provider("elsewhere", { region: "us-east-1" });
      new aws.cloudwatch.LogGroup("orders", { name: "orders" });
      new aws.cloudwatch.LogGroup("seldom", { logGroupClass: "INFREQUENT_ACCESS" });
      new aws.cloudwatch.LogGroup("far", {}, { provider: elsewhere });
    };
    // As Pulumi runs it: without a stack nobody sees own resources.
    const program = () => createEnvironment(config, undefined, { resources });
    const { all: made } = await record(() => pulumi.runtime.runInPulumiStack(program));
    const names = made(subscription).map(({ name }) => name);
    const own = ["orders", "seldom", "far"].filter((name) => names.includes(`${name}-export`));
    assert.deepEqual(own, ["orders"]);
  });

  it("leaves out what a transform gives a class that takes no subscription", async () => {
    const { all: made } = await environment(
      { ...web({}), logs: { export: true } },
      {
        transform: {
          logGroup: (args, name) =>
            name.endsWith("-flowLogs") ? { ...args, logGroupClass: "DELIVERY" } : args,
        },
      },
    );
    const names = made(subscription).map(({ name }) => name);
    assert.deepEqual(names.sort(), ["shop--staging--web-logs-export", "shop--staging-exec-export"]);
  });

  checkFaults("gantry:logs.export", (given) => ({ ...web({}), logs: { export: given.of } }), [
    [
      "it is kept for no day",
      { of: { retentionDays: 0 } },
      "retentionDays",
      "set retentionDays: 1",
    ],
    ["it is a word", { of: "yes" }, "", "set export: true"],
  ]);
});
