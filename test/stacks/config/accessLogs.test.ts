import assert from "node:assert/strict";
import { checkFaults, parse, services, type Values } from "./support";

const logging = (accessLogs: unknown): Values => ({ services, loadBalancer: { accessLogs } });

describe("loadBalancer.accessLogs", () => {
  const read = (values: Values) => parse(values).loadBalancer.accessLogs;

  it("are on, for 90 days, also where they say no more than that", () => {
    for (const values of [{ services }, logging(true), logging({})]) {
      assert.deepEqual(read(values), { retentionDays: 90 });
    }
  });

  it("are kept as long as they say, elsewhere, or not at all", () => {
    const elsewhere = { bucket: "acme-logs", prefix: "shop/staging" };
    for (const given of [{ retentionDays: 365 }, { bucket: "acme-logs" }, elsewhere, false]) {
      assert.deepEqual(read(logging(given)), given);
    }
  });

  checkFaults("gantry:loadBalancer.accessLogs", logging, [
    ["days are none", { retentionDays: 0 }, "retentionDays", "set retentionDays: 1"],
    [
      "a bucket is no name",
      { bucket: "s3://acme-logs" },
      "bucket",
      "write its name alone, such as acme-logs",
    ],
    [
      "a prefix has AWS's own part",
      { bucket: "acme-logs", prefix: "shop/AWSLogs" },
      "prefix",
      "write it as shop/staging, without a slash at its ends",
    ],
    [
      "a prefix ends in a slash",
      { bucket: "acme-logs", prefix: "shop/" },
      "prefix",
      "write it as shop/staging, without a slash at its ends",
    ],
    [
      "a bucket that is there has days",
      { bucket: "acme-logs", retentionDays: 7 },
      "retentionDays",
      "remove retentionDays, or set no bucket: logs of one that is there expire by its own rules",
    ],
    ["a prefix is of no bucket", { prefix: "shop" }, "bucket", "add bucket: the name of a bucket"],
  ]);
});
