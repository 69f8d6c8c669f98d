import assert from "node:assert/strict";
import { checkFaults, parse, section, services } from "./support";

const serverless = { engine: "valkey", version: "8.0", serverless: {} };
const node = { engine: "redis", version: "7.1", node: "cache.t4g.micro" };
const jobs = (more: object) => ({ jobs: { ...serverless, ...more } });

describe("caches in config", () => {
  it("are serverless, or nodes", () => {
    const { caches } = parse(section("caches")({ jobs: serverless, sessions: node }));
    assert.deepEqual(caches, {
      jobs: { ...serverless, passwordVersion: 1, backupDays: 0 },
      sessions: { ...node, passwordVersion: 1, backupDays: 0 },
    });
  });

  it("keep the snapshot of each day for a day in production", () => {
    const { caches } = parse(section("caches")({ jobs: serverless }), { stack: "production" });
    assert.equal(caches.jobs.backupDays, 1);
  });

  checkFaults("gantry:caches", section("caches"), [
    [
      "it runs on nothing",
      { jobs: { engine: "redis", version: "7.1" } },
      "jobs",
      "set serverless: {}, or node: cache.t4g.micro",
    ],
    ["it runs on both", jobs({ node: "cache.t4g.micro" }), "jobs.node", "remove node"],
    ["serverless has a standby", jobs({ standby: true }), "jobs.standby", "remove standby"],
    ["a version is none", jobs({ version: "7.1" }), "jobs.version", 'write "9.1"'],
    [
      "a node lacks its beginning",
      { jobs: { ...node, node: "t4g.micro" } },
      "jobs.node",
      "write cache.t4g.micro",
    ],
    [
      "a snapshot is kept too long",
      jobs({ backupDays: 36 }),
      "jobs.backupDays",
      "set backupDays: 35",
    ],
    [
      "it may hold nothing",
      jobs({ serverless: { maxGB: 0 } }),
      "jobs.serverless.maxGB",
      "set maxGB: 1",
    ],
  ]);

  checkFaults("gantry", (values) => values, [
    [
      "a variable is set by both",
      {
        caches: { jobs: serverless },
        services: { web: { uses: ["jobs"], environment: { JOBS_HOST: "localhost" } } },
      },
      "services.web.environment.JOBS_HOST",
      "remove JOBS_HOST, or jobs from uses",
    ],
    [
      "a name is a database's too",
      {
        ...{ services, caches: { jobs: serverless } },
        databases: { jobs: { engine: "mysql", version: "8.4", instance: "db.t4g.micro" } },
      },
      "databases.jobs",
      "call it jobs-database, or rename the other",
    ],
  ]);
});
