import assert from "node:assert/strict";
import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  type ContainerDefinition,
} from "@aws-sdk/client-ecs";
import {
  DeleteObjectCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { environmentNames } from "../../contract/names";
import type { StackConfig } from "../../rehearsal/stackFile";
import { destroy, emptyPreview, emptyRefresh, up } from "../../rehearsal/update";
import { call, newKey } from "./calls";
import { buildOnEachOther, log, startBench, type Bench } from "./support";

const names = environmentNames({ name: "acme", stack: "staging" });
const worker = { kind: "worker", scaling: { min: 1, max: 1 } };

const aurora = { engine: "postgres", version: "17", serverless: { min: 0, max: 4 } };
const instance = { engine: "mysql", version: "8.4", instance: "db.t4g.micro" };

const cache = { engine: "valkey", version: "8.0", serverless: {} };

const first: StackConfig = {
  "gantry:name": "acme",
  "gantry:buckets": { uploads: {} },
  "gantry:caches": { sessions: cache },
  "gantry:databases": { main: aurora, orders: instance },
  "gantry:services": { jobs: { ...worker, uses: ["uploads", "main", "sessions"] }, mails: worker },
};

/** As the page on keys of one's own has it. */
const keyPolicy = {
  Version: "2012-10-17",
  Statement: [
    {
      ...{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" } },
      ...{ Action: "kms:*", Resource: "*" },
    },
    {
      ...{ Effect: "Allow", Principal: { Service: "events.amazonaws.com" } },
      ...{ Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" },
    },
  ],
};

const rules = [{ origins: ["https://shop.example.com"], methods: ["PUT"] }];
const changed = { keepVersionDays: 7, expireDays: { "tmp/": 1 }, cors: rules };
const services = (events: object) => ({
  jobs: { ...worker, subscribes: { pictures: { bucket: "uploads", ...events } } },
  mails: { ...worker, uses: ["uploads", "main", "orders", "sessions"] },
});
const second: StackConfig = {
  ...first,
  "gantry:buckets": { uploads: changed },
  "gantry:caches": { sessions: { ...cache, serverless: { maxGB: 5 }, passwordVersion: 2 } },
  "gantry:databases": {
    main: { ...aurora, serverless: { min: 0.5, max: 8 }, standby: true, passwordDays: 60 },
    orders: { ...instance, instance: "db.t4g.small", backupDays: 14, requireTls: false },
  },
  "gantry:services": services({ prefix: "in/", suffix: ".png" }),
};

describe("what services use, on the emulator", function () {
  buildOnEachOther();
  let bench: Bench;
  let s3: S3Client;
  let Bucket: string;
  let keys: readonly string[];

  before(async () => {
    bench = await startBench();
    s3 = new S3Client({ ...bench.client, forcePathStyle: true });
    keys = await Promise.all([newKey(bench, keyPolicy), newKey(bench, keyPolicy)]);
  });

  after(() => bench?.stop());

  const stack = (config: StackConfig, encryptionKeyArn = keys[0]) =>
    bench.workspace.stack("staging", { ...config, "gantry:encryptionKeyArn": encryptionKeyArn });

  async function variables(service: string): Promise<Record<string, string>> {
    const { taskDefinition } = await new ECSClient(bench.client).send(
      new DescribeTaskDefinitionCommand({ taskDefinition: names.taskFamily(service) }),
    );
    const [{ environment = [] }] = taskDefinition?.containerDefinitions as [ContainerDefinition];
    return Object.fromEntries(environment.map(({ name = "", value = "" }) => [name, value]));
  }

  async function origins(): Promise<string[]> {
    const { CORSRules = [] } = await s3.send(new GetBucketCorsCommand({ Bucket }));
    return CORSRules.flatMap(({ AllowedOrigins = [] }) => AllowedOrigins);
  }

  /** What is told to the queue of bucket events, of which each is deleted then. */
  async function told(): Promise<string[]> {
    const sqs = <T>(action: string, body: object) =>
      call<T>(bench, "sqs", `AmazonSQS.${action}`, body);
    const { PICTURES_QUEUE_URL: QueueUrl } = await variables("jobs");
    const { Messages = [] } = await sqs<{ Messages?: { Body: string; ReceiptHandle: string }[] }>(
      "ReceiveMessage",
      { QueueUrl, MaxNumberOfMessages: 10 },
    );
    for (const { ReceiptHandle } of Messages) {
      await sqs("DeleteMessage", { QueueUrl, ReceiptHandle });
    }
    return Messages.map(({ Body }) => {
      const event = JSON.parse(Body) as {
        "detail-type": string;
        detail: { bucket: { name: string }; object: { key: string } };
      };
      assert.equal(event.detail.bucket.name, Bucket);
      return `${event["detail-type"]}: ${event.detail.object.key}`;
    });
  }

  async function bucketKey(): Promise<string | undefined> {
    const { ServerSideEncryptionConfiguration } = await s3.send(
      new GetBucketEncryptionCommand({ Bucket }),
    );
    const [rule] = ServerSideEncryptionConfiguration?.Rules ?? [];
    return rule.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
  }

  it("comes up, and tells who uses it where it is", async () => {
    await up(await stack(first), log);
    const { UPLOADS_BUCKET } = await variables("jobs");
    Bucket = UPLOADS_BUCKET;
    assert.equal((await variables("mails")).UPLOADS_BUCKET, undefined);
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
    assert.equal(Status, "Enabled");
    await s3.send(new PutObjectCommand({ Bucket, Key: "logo.png", Body: "a picture" }));
  });

  it("previews and refreshes empty", async () => {
    await emptyPreview(await stack(first), log);
    await emptyRefresh(await stack(first), log);
  });

  it("is not deleted with what it holds when config has it no more", async () => {
    const unused = { jobs: worker, mails: worker };
    const without = { ...first, "gantry:buckets": {}, "gantry:services": unused };
    await assert.rejects((await stack(without)).up({ suppressProgress: true }), /BucketNotEmpty/);
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
    assert.equal(Status, "Enabled");
  });

  it("is whole when config has it again, changes, and goes over to another service", async () => {
    await up(await stack(second, keys[1]), log);
    assert.equal((await variables("mails")).UPLOADS_BUCKET, Bucket);
    assert.equal((await variables("jobs")).UPLOADS_BUCKET, undefined);
    assert.deepEqual(await origins(), ["https://shop.example.com"]);
    assert.equal(await bucketKey(), keys[1]);
    const preview = await (await stack(second, keys[1])).preview({ suppressProgress: true });
    assert.deepEqual(Object.keys(preview.changeSummary), ["same"]);
    assert.match(
      preview.stdout,
      new RegExp(`keeps the key that it was made with \\(${keys[0]}\\)`),
    );
  });

  it("tells a queue of the objects that its keys are for", async () => {
    for (const Key of ["in/logo.png", "in/logo.txt", "out/logo.png"]) {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: "a picture" }));
    }
    assert.deepEqual(await told(), ["Object Created: in/logo.png"]);
  });

  it("changes, and is refused to be deleted, while the environment is protected", async () => {
    const cors = [{ ...rules[0], origins: ["https://www.example.com"] }];
    const kept = {
      ...second,
      "gantry:protection": true,
      "gantry:services": services({ events: ["created", "deleted"] }),
    };
    await up(await stack({ ...kept, "gantry:buckets": { uploads: { ...changed, cors } } }), log);
    assert.deepEqual(await origins(), ["https://www.example.com"]);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "in/logo.txt" }));
    assert.deepEqual(await told(), ["Object Deleted: in/logo.txt"]);
    const unused = { jobs: worker, mails: worker };
    const without = { ...kept, "gantry:buckets": {}, "gantry:services": unused };
    await assert.rejects((await stack(without)).preview({ suppressProgress: true }), /protect/);
    // Databases that stay let nobody in any more, and a bucket no pages.
    const unread = { ...kept["gantry:services"], mails: worker };
    const fewer = { ...kept, "gantry:buckets": { uploads: {} }, "gantry:services": unread };
    await up(await stack(fewer), log);
    await assert.rejects(origins(), /NoSuchCORSConfiguration/);
    await up(await stack(second), log);
  });

  it("is destroyed once it is empty", async () => {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    }
    assert.deepEqual(Object.keys((await destroy(await stack(second), log)).changes), ["delete"]);
  });
});
