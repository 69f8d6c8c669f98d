import assert from "node:assert/strict";
import { DeliveryError } from "../../../delivery/errors";
import type { LogSource } from "../../../operations/logs/places";
import { LogReader } from "../../../operations/logs/read";
import { FakeClock } from "../../delivery/support/fakeClock";
import { FakeLogs } from "./fakeLogs";

const start = Date.parse("2026-01-31T12:00:00Z");
const sourceOf = (service: string): LogSource => ({
  ...{ service, container: "app", logGroupName: `/${service}`, streamPrefix: "app/app/" },
});

describe("what services have logged", () => {
  let logs: FakeLogs;
  let clock: FakeClock;

  beforeEach(() => {
    logs = new FakeLogs();
    clock = new FakeClock();
    logs.groups["/web"] = [];
    logs.groups["/jobs"] = [];
  });

  const log = (service: string, seconds: number, message: string, late = 0) =>
    logs.groups[`/${service}`]?.push({
      ...{ stream: "app/app/1", at: start + seconds * 1000, message },
      came: start + (seconds + late) * 1000,
    });
  const readerOf = (services: readonly string[], more: object = {}) =>
    new LogReader({
      ...{ logs: logs.client, sources: services.map(sourceOf), clock },
      ...{ since: new Date(start - 60_000), ...more },
    });
  async function read(reader: LogReader): Promise<string[]> {
    const lines: string[] = [];
    for await (const { service, message } of reader.lines()) lines.push(`${service} ${message}`);
    return lines;
  }

  it("is in the order of time, over services and pages", async () => {
    for (const second of [1, 3, 5, 7, 9]) log("web", second, `w${second}`);
    for (const second of [2, 4, 8]) log("jobs", second, `j${second}`);
    assert.deepEqual(await read(readerOf(["web", "jobs"])), [
      ...["web w1", "jobs j2", "web w3", "jobs j4", "web w5", "web w7", "jobs j8", "web w9"],
    ]);
    assert.ok(logs.asked.some(({ nextToken }) => nextToken !== undefined));
  });

  it("is asked for four times a second at most", async () => {
    for (let second = 0; second < 10; second += 1) log("web", second, `${second}`);
    assert.equal((await read(readerOf(["web"]))).length, 10);
    const calls = logs.asked.length;
    const waited = clock.pauses.reduce((sum, pause) => sum + pause, 0);
    assert.ok(calls > 8 && waited >= (Math.ceil(calls / 4) - 1) * 1000, `${calls}, ${waited}`);
  });

  it("gives each line once, also those that come late", async () => {
    const reader = readerOf(["web"]);
    log("web", 0, "first");
    assert.deepEqual(await read(reader), ["web first"]);
    assert.deepEqual(await read(reader), []);
    log("web", 100, "newer");
    assert.deepEqual(await read(reader), ["web newer"]);
    log("web", 1, "late", 119);
    assert.deepEqual(await read(reader), ["web late"]);
    assert.deepEqual(await read(reader), []);
  });

  it("asks again for two minutes only, and keeps no more in mind", async () => {
    const reader = readerOf(["web"]);
    for (let second = 0; second < 600; second += 10) log("web", second, `${second}`);
    assert.equal((await read(reader)).length, 60);
    logs.asked.length = 0;
    assert.deepEqual(await read(reader), []);
    assert.equal(logs.asked[0].startTime, start + 590_000 - 120_000);
  });

  it("goes on with the time where nothing comes, by less than clocks may differ", async () => {
    const reader = readerOf(["web"]);
    await clock.sleep(3_600_000);
    await read(reader);
    logs.asked.length = 0;
    await read(reader);
    assert.equal(logs.asked[0].startTime, start + 3_600_000 - 300_000 - 120_000);
  });

  it("knows no group yet, and reads it once it is there", async () => {
    delete logs.groups["/web"];
    const reader = readerOf(["web", "jobs"]);
    log("jobs", 1, "there");
    assert.deepEqual(await read(reader), ["jobs there"]);
    assert.deepEqual([...reader.missing], ["web"]);
    logs.groups["/web"] = [];
    log("web", 2, "begins");
    assert.deepEqual(await read(reader), ["web begins"]);
    assert.deepEqual([...reader.missing], []);
  });

  it("is asked with the period, the container and the filter", async () => {
    await read(readerOf(["web"], { until: new Date(start), filter: "ERROR" }));
    assert.deepEqual(logs.asked, [
      {
        ...{ logGroupName: "/web", logStreamNamePrefix: "app/app/", nextToken: undefined },
        ...{ startTime: start - 60_000, endTime: start, filterPattern: "ERROR" },
      },
    ]);
  });

  it("says what a filter is where CloudWatch understands none", async () => {
    logs.refuses = Object.assign(new Error("Invalid filter pattern"), {
      name: "InvalidParameterException",
    });
    await assert.rejects(read(readerOf(["web"], { filter: "{" })), (error) => {
      assert.ok(error instanceof DeliveryError);
      assert.match(error.message, /does not understand the filter \{: Invalid filter pattern/);
      assert.match(error.details.join("\n"), /--filter '\{ \$\.level = "error" \}'/);
      return true;
    });
    // Without a filter it is something else, which AWS has said.
    await assert.rejects(read(readerOf(["web"])), { name: "InvalidParameterException" });
  });

  it("shows no secret, also where a private key comes line by line", async () => {
    const key = [
      "-----BEGIN RSA PRIVATE KEY-----",
      "MIIEowIBAAKCAQEA7bq0",
      "Q0b5",
      "-----END RSA PRIVATE KEY-----",
    ];
    const said = ["PASSWORD=hunter2hunter2", ...key, "ready"];
    said.forEach((message, index) => log("web", index, message));
    const shown = await read(readerOf(["web"]));
    assert.deepEqual(shown, [...Array<string>(5).fill("web ***"), "web ready"]);
  });
});
