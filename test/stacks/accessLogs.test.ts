import assert from "node:assert/strict";
import type { Values } from "./config/support";
import { environment } from "./support";

const types = {
  balancer: "aws:lb/loadBalancer:LoadBalancer",
  bucket: "aws:s3/bucket:Bucket",
  policy: "aws:s3/bucketPolicy:BucketPolicy",
  logging: "aws:s3/bucketLogging:BucketLogging",
} as const;

const services = {
  web: { build: "app" },
  admin: { build: "app", route: { internal: true, hosts: ["admin.example.com"] } },
};

const made = (accessLogs?: unknown, more: Values = {}) =>
  environment({ loadBalancer: { accessLogs }, services, ...more }, { stack: "production" });

describe("access logs of an environment", () => {
  it("are of both load balancers, in one bucket of the account that outlives them", async () => {
    const { all, one } = await made();
    const { inputs, options } = one(types.bucket);
    assert.deepEqual([inputs.forceDestroy, options.retainOnDelete], [false, true]);
    assert.match(String(one(types.policy).inputs.policy), /\/AWSLogs\/123456789012\/\*/);
    const bucket = "shop-production-access-logs-1a2b3c4";
    assert.deepEqual(
      all(types.balancer).map(({ inputs: { accessLogs } }) => accessLogs),
      [1, 2].map(() => ({ bucket, enabled: true })),
    );
  });

  it("go to a bucket that is there", async () => {
    const { all } = await made({ bucket: "acme-logs", prefix: "shop" });
    assert.deepEqual(all(types.bucket), []);
    for (const { inputs } of all(types.balancer)) {
      assert.deepEqual(inputs.accessLogs, { bucket: "acme-logs", prefix: "shop", enabled: true });
    }
  });

  it("are off where config says so, and no bucket is made where nothing is behind a load balancer", async () => {
    const off = await made(false);
    assert.deepEqual(off.all(types.bucket), []);
    assert.deepEqual(off.all(types.balancer)[0].inputs.accessLogs, { bucket: "", enabled: false });
    const none = await made(undefined, { services: { jobs: { build: "app", kind: "worker" } } });
    assert.deepEqual(none.all(types.bucket), []);
  });

  it("are of every bucket but their own, by day, and can be turned off again", async () => {
    const { all, one } = await made(undefined, {
      buckets: { uploads: {} },
      pipeline: {},
      logs: { export: true },
      audit: { trail: "always" },
    });
    const logged = all(types.logging);
    const own = "shop-production-access-logs-1a2b3c4";
    const buckets = all(types.bucket).map(({ name, inputs }) => inputs.bucket ?? `${name}-1a2b3c4`);
    assert.equal(buckets.length, 6);
    assert.deepEqual(
      logged.map(({ inputs }) => inputs.bucket).sort(),
      buckets.filter((name) => name !== own).sort(),
    );
    for (const { name, inputs, options } of logged) {
      assert.equal(inputs.targetBucket, own, name);
      assert.equal(inputs.targetPrefix, "s3/", name);
      assert.deepEqual(
        inputs.targetObjectKeyFormat,
        { partitionedPrefix: { partitionDateSource: "EventTime" } },
        name,
      );
      assert.deepEqual([options.protect, options.retainOnDelete], [false, false], name);
      assert.ok(
        options.dependencies.includes(one(types.policy, "shop--production-access-logs-policy").urn),
        name,
      );
    }
  });

  it("are of no bucket where there is no bucket for them, or it is somebody else's", async () => {
    const buckets = { uploads: {} };
    const worker = { jobs: { build: "app", kind: "worker" } };
    for (const stack of [
      await made({ bucket: "acme-logs" }, { buckets }),
      await made(false, { buckets }),
      await made(undefined, { buckets, services: worker }),
    ]) {
      assert.deepEqual(stack.all(types.logging), []);
    }
  });
});
