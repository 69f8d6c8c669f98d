import assert from "node:assert/strict";
import { Database, type DatabaseArgs } from "../../components";
import {
  instanceClassFault,
  parameterFamily,
  pauses,
  versionFault,
} from "../../components/database/engine";
import { record, valueOf } from "../support/record";

const network = { vpcId: "vpc-1", privateSubnetIds: ["subnet-1", "subnet-2"] };
const aurora = { engine: "postgres", version: "17", serverless: { min: 0.5, max: 4 } } as const;
const rds = { engine: "mysql", version: "8.4", instance: "db.m7g.large" } as const;

type Kind = Omit<DatabaseArgs, "network">;

const database = (args: Kind) => record(() => new Database("main", { ...args, network }));

const types = {
  cluster: "aws:rds/cluster:Cluster",
  member: "aws:rds/clusterInstance:ClusterInstance",
  instance: "aws:rds/instance:Instance",
  group: "aws:ec2/securityGroup:SecurityGroup",
  rule: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
};

describe("Database", () => {
  for (const [kind, args, type] of [
    ["of Aurora", aurora, types.cluster],
    ["of RDS", rds, types.instance],
  ] as const) {
    describe(kind, () => {
      it("is encrypted, backed up, and has a password that is in no state", async () => {
        const { inputs } = (await database(args)).one(type);
        assert.equal(inputs.storageEncrypted, true);
        assert.equal(inputs.backupRetentionPeriod, 7);
        assert.equal(inputs.manageMasterUserPassword, true);
        assert.deepEqual([inputs.masterPassword, inputs.password], [undefined, undefined]);
      });

      it("leaves a snapshot behind, of a name that no other database has had", async () => {
        const { inputs } = (await database(args)).one(type);
        assert.equal(inputs.skipFinalSnapshot, false);
        assert.match(String(inputs.finalSnapshotIdentifier), /^main-subnets-\w{7}-final$/);
      });

      it("is in private subnets, and lets in its clients alone", async () => {
        const { one, all } = await database({ ...args, clients: { web: "sg-web" } });
        assert.deepEqual(
          one("aws:rds/subnetGroup:SubnetGroup").inputs.subnetIds,
          network.privateSubnetIds,
        );
        const [{ inputs }, ...others] = all(types.rule);
        assert.deepEqual(others, []);
        const port = kind === "of RDS" ? 3306 : 5432;
        assert.equal(inputs.referencedSecurityGroupId, "sg-web");
        assert.deepEqual(
          [inputs.fromPort, inputs.toPort, inputs.cidrIpv4],
          [port, port, undefined],
        );
        assert.equal(one(types.group).inputs.egress, undefined);
        assert.deepEqual((await database(args)).all(types.rule), []);
      });

      it("tells where it is, and which secret opens it", async () => {
        const { value } = await database(args);
        assert.match(await valueOf(value.host), /^main-\d+\..*\.rds\.amazonaws\.com$/);
        assert.match(await valueOf(value.secretArn), /:secret:rds!(cluster|db)-main-/);
        assert.equal(value.databaseName, "app");
      });

      it("has its password changed every 30 days, and not at once", async () => {
        const rotation = (await database(args)).one(
          "aws:secretsmanager/secretRotation:SecretRotation",
        ).inputs;
        assert.deepEqual(rotation.rotationRules, { automaticallyAfterDays: 30 });
        assert.equal(rotation.rotateImmediately, false);
      });

      it("stays in AWS where it is retained, with all that it needs", async () => {
        const { one, all } = await database({ ...args, standby: true, retain: true });
        assert.equal(one(type).inputs.deletionProtection, true);
        const goes = all(types.member).slice(1);
        for (const { type: each, options } of [
          one(type),
          one(types.group),
          one("aws:rds/subnetGroup:SubnetGroup"),
        ]) {
          assert.equal(options.retainOnDelete, true, each);
        }
        for (const { options } of goes) assert.equal(options.retainOnDelete, false);
        assert.equal((await database(args)).one(type).inputs.deletionProtection, false);
      });
    });
  }

  it("of Aurora scales between its capacities, and pauses only from 0", async () => {
    const capacity = async (serverless: NonNullable<Kind["serverless"]>) =>
      (await database({ ...aurora, serverless })).one(types.cluster).inputs
        .serverlessv2ScalingConfiguration;
    assert.deepEqual(await capacity({ min: 0.5, max: 4 }), { minCapacity: 0.5, maxCapacity: 4 });
    assert.deepEqual(await capacity({ min: 0, max: 8, pauseAfterSeconds: 900 }), {
      ...{ minCapacity: 0, maxCapacity: 8, secondsUntilAutoPause: 900 },
    });
  });

  it("of Aurora has a second instance as its standby, of RDS a second zone", async () => {
    assert.equal((await database(aurora)).all(types.member).length, 1);
    const { all } = await database({ ...aurora, standby: true });
    assert.deepEqual(
      all(types.member).map(({ name, inputs }) => [name, inputs.instanceClass]),
      [
        ["main-first", "db.serverless"],
        ["main-standby", "db.serverless"],
      ],
    );
    assert.equal(
      (await database({ ...rds, standby: true })).one(types.instance).inputs.multiAz,
      true,
    );
  });

  it("of RDS grows to five times what it began with", async () => {
    const { inputs } = (await database({ ...rds, storageGiB: 100 })).one(types.instance);
    assert.deepEqual([inputs.allocatedStorage, inputs.maxAllocatedStorage], [100, 500]);
  });

  it("refuses connections without TLS, unless it is said", async () => {
    const { one } = await database(aurora);
    assert.deepEqual(one("aws:rds/clusterParameterGroup:ClusterParameterGroup").inputs.parameters, [
      { name: "rds.force_ssl", value: "1" },
    ]);
    const open = await database({ ...rds, requireTls: false });
    assert.deepEqual(open.one("aws:rds/parameterGroup:ParameterGroup").inputs.parameters, [
      { name: "require_secure_transport", value: "OFF" },
    ]);
  });

  it("is raised to new minor versions by AWS, unless it names its own", async () => {
    const raised = async (version: string) =>
      (await database({ ...rds, version })).one(types.instance).inputs.autoMinorVersionUpgrade;
    assert.deepEqual([await raised("8.4"), await raised("8.4.5")], [true, false]);
  });

  it("fails when it is two kinds, or of a version, class or capacity that AWS has not", async () => {
    await assert.rejects(database({ ...aurora, instance: "m7g.large", version: "9" }), {
      message: [
        'Database serverless: given {"serverless":{"min":0.5,"max":4},"instance":"m7g.large"}; allowed: either serverless or instance; name one',
        'Database version: given "9"; allowed: 14, 15, 16, 17, 18, with a minor version or without; write "18"',
        'Database instance: given "m7g.large"; allowed: a class of RDS; write db.m7g.large',
      ].join("\n"),
    });
    await assert.rejects(
      database({ ...aurora, version: "16.2", serverless: { min: 0, max: 4 } }),
      /serverless\.min: given 0; .*16\.2, which does not pause; set min: 0\.5/,
    );
    await assert.rejects(database({ ...aurora, serverless: { min: 0.7, max: 4 } }), /in halves/);
    await assert.rejects(
      database({ ...aurora, backupDays: 0 }),
      /backupDays: given 0; allowed: 1 to 35/,
    );
  });

  it("knows versions, families and classes", () => {
    const isRight = (...args: Parameters<typeof versionFault>) =>
      versionFault(...args) === undefined;
    assert.ok(isRight("postgres", "17", true));
    assert.ok(isRight("postgres", "17.4", false));
    assert.ok(isRight("mysql", "8.0.42", false));
    assert.ok(isRight("mysql", "8.0.mysql_aurora.3.08.0", true));
    assert.ok(!isRight("mysql", "8.0.42", true));
    assert.ok(!isRight("mysql", "8", true));
    assert.ok(!isRight("postgres", "17.x", false));
    assert.ok(pauses("mysql", "8.0.mysql_aurora.3.08.0"));
    assert.ok(!pauses("mysql", "8.0.mysql_aurora.3.07.1"));
    assert.equal(parameterFamily("postgres", "17.4", true), "aurora-postgresql17");
    assert.equal(parameterFamily("mysql", "8.0.42", false), "mysql8.0");
    for (const given of ["db.t4g.micro", "db.r6gd.16xlarge", "db.m7g.large", "db.x2iedn.xlarge"]) {
      assert.equal(instanceClassFault(given), undefined, given);
    }
    assert.equal(instanceClassFault("db.t4g.huge"), "write it as db.t4g.medium");
  });
});
