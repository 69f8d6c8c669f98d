import assert from "node:assert/strict";
import { checkFaults, parse, parseYaml, section, services } from "./support";

const serverless = { engine: "postgres", version: "17", serverless: { min: 0.5, max: 4 } };
const instance = { engine: "mysql", version: "8.4", instance: "db.t4g.medium" };
const main = (more: object) => ({ main: { ...serverless, ...more } });
const only = (more: object) => ({ main: { ...instance, ...more } });

describe("databases in config", () => {
  it("have defaults, and a standby in production", () => {
    const given = section("databases")({ main: serverless });
    const defaults = { databaseName: "app", backupDays: 7, passwordDays: 30, requireTls: true };
    assert.deepEqual(parse(given).databases.main, { ...serverless, ...defaults, standby: false });
    assert.equal(parse(given, { stack: "production" }).databases.main.standby, true);
  });

  it("have a version that YAML may take for a number", () => {
    const yaml = (version: string) =>
      `gantry:services: { web: {} }\ngantry:databases: { main: { engine: postgres, version: ${version}, instance: db.t4g.micro } }`;
    assert.equal(parseYaml(yaml("17")).databases.main.version, "17");
    assert.equal(parseYaml(yaml('"17.4"')).databases.main.version, "17.4");
    assert.throws(() => parseYaml(yaml("17.10")), /version[^]*write it in quotes/);
  });

  checkFaults("gantry:databases", section("databases"), [
    [
      "it runs on nothing",
      { main: { engine: "postgres", version: "17" } },
      "main",
      "set serverless: { min: 0.5, max: 4 }, or instance: db.t4g.medium",
    ],
    ["it runs on both", main({ instance: "db.t4g.micro" }), "main.instance", "remove instance"],
    ["an engine is none", main({ engine: "postgresql" }), "main.engine", "set engine: postgres"],
    ["a version is none", main({ version: "9.6" }), "main.version", 'write "18"'],
    [
      "a class lacks its beginning",
      only({ instance: "t4g.micro" }),
      "main.instance",
      "write db.t4g.micro",
    ],
    [
      "capacity is a class",
      only({ instance: "db.serverless" }),
      "main.instance",
      "write serverless: { min: 0.5, max: 4 } in place of instance",
    ],
    [
      "capacity is no half",
      main({ serverless: { min: 0.7, max: 4 } }),
      "main.serverless.min",
      "set it to 0.5",
    ],
    [
      "capacity ends before it begins",
      main({ serverless: { min: 8, max: 4 } }),
      "main.serverless.min",
      "set min: 4",
    ],
    [
      "a version does not pause",
      main({ version: "16.2", serverless: { min: 0, max: 4 } }),
      "main.serverless.min",
      "set min: 0.5, or a newer version",
    ],
    ["Aurora gets a size", main({ storageGiB: 100 }), "main.storageGiB", "remove storageGiB"],
    [
      "storage shrinks",
      only({ storageGiB: 100, maxStorageGiB: 50 }),
      "main.maxStorageGiB",
      "set maxStorageGiB: 100",
    ],
    [
      "storage grows to less than RDS takes",
      only({ storageGiB: 100, maxStorageGiB: 5 }),
      "main.maxStorageGiB",
      "set maxStorageGiB: 20",
    ],
    [
      "capacity begins above AWS's limit",
      main({ serverless: { min: 300, max: 16 } }),
      "main.serverless.min",
      "set it to 256",
    ],
    ["backups are too few", main({ backupDays: 0 }), "main.backupDays", "set backupDays: 1"],
    [
      "the first database has a hyphen",
      main({ databaseName: "web-shop" }),
      "main.databaseName",
      "call it app or shop",
    ],
  ]);

  checkFaults("gantry", (values) => values, [
    [
      "there is one private subnet",
      {
        ...{ services, databases: { main: serverless } },
        network: {
          mode: "existing",
          privateSubnetIds: ["subnet-0a1b2c3f"],
          vpcId: "vpc-0a1b2c3d",
          publicSubnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"],
        },
      },
      "network.privateSubnetIds",
      "name another private subnet of the VPC, of another zone",
    ],
    [
      "it has neither size, and is used",
      {
        databases: { main: { engine: "postgres", version: "17", serverless: 1 } },
        services: { web: { uses: ["main"] } },
      },
      "databases.main.serverless",
      "write an object with the keys min, max, pauseAfterSeconds",
    ],
    [
      "it has no engine, and is used",
      {
        databases: { main: { ...serverless, engine: undefined } },
        services: { web: { uses: ["main"] } },
      },
      "databases.main.engine",
      "add engine: postgres or mysql",
    ],
    [
      "a name is a bucket's too",
      { services, databases: { main: serverless }, buckets: { main: {} } },
      "databases.main",
      "call it main-database, or rename the other",
    ],
    [
      "groups leave no room for what lets it in",
      {
        databases: { main: serverless },
        services: {
          web: { uses: ["main"], securityGroups: ["a", "b", "c", "d"].map((from) => ({ from })) },
        },
      },
      "services.web.securityGroups",
      "give one group the rules of several",
    ],
    [
      "groups leave no room for what lets it in, some of them existing",
      {
        databases: { main: serverless },
        services: {
          web: {
            uses: ["main"],
            securityGroups: ["a", "b", "c"].map((from) => ({ from })),
            securityGroupIds: ["sg-0a1b2c3d"],
          },
        },
      },
      "services.web.securityGroups",
      "give one group the rules of several",
    ],
  ]);
});
