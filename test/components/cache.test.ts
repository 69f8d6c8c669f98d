import assert from "node:assert/strict";
import { Cache, type CacheArgs } from "../../components";
import { record, valueOf } from "../support/record";

const network = {
  vpcId: "vpc-1",
  privateSubnetIds: ["subnet-1", "subnet-2", "subnet-3", "subnet-4"],
};
const serverless = { engine: "valkey", version: "8.0", serverless: {} } as const;
const nodes = { engine: "redis", version: "7.1", node: "cache.t4g.micro" } as const;

type Kind = Omit<CacheArgs, "network">;

const cache = (args: Kind) => record(() => new Cache("jobs", { ...args, network }));

const types = {
  serverless: "aws:elasticache/serverlessCache:ServerlessCache",
  nodes: "aws:elasticache/replicationGroup:ReplicationGroup",
  user: "aws:elasticache/user:User",
  group: "aws:elasticache/userGroup:UserGroup",
  password: "aws:secretsmanager/secretVersion:SecretVersion",
  rule: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
};

describe("Cache", () => {
  for (const [kind, args, type] of [
    ["serverless", serverless, types.serverless],
    ["of nodes", nodes, types.nodes],
  ] as const) {
    describe(kind, () => {
      it("asks for a password, which is drawn once and kept in a secret", async () => {
        const { one } = await cache(args);
        const { inputs, options } = one(types.password);
        const { value } = inputs.secretString as { readonly value: string };
        assert.match(value, /^[\w-]{43}$/);
        assert.deepEqual(options.ignoreChanges, ["secretString"]);
        const { userName, accessString, authenticationMode } = one(types.user).inputs;
        assert.deepEqual([userName, accessString], ["default", "on ~* &* +@all"]);
        assert.match(JSON.stringify(authenticationMode), new RegExp(value));
        assert.deepEqual(one(types.group).inputs.userIds, [one(types.user).inputs.userId]);
      });

      it("draws another password with another version of it", async () => {
        const { one } = await cache({ ...args, passwordVersion: 2 });
        assert.equal(one(types.password).name, "jobs-password-2");
      });

      it("lets in its clients alone", async () => {
        const { all } = await cache({ ...args, clients: { web: "sg-web" } });
        const [{ inputs }, ...others] = all(types.rule);
        assert.deepEqual(others, []);
        assert.deepEqual(
          [inputs.referencedSecurityGroupId, inputs.fromPort, inputs.toPort],
          ["sg-web", 6379, 6379],
        );
      });

      it("tells where it is, and which secret opens it", async () => {
        const { value } = await cache(args);
        assert.match(await valueOf(value.host), /cache\.amazonaws\.com$/);
        assert.match(
          await valueOf(value.passwordReference),
          /:secret:jobs-password-\w{7}-AbCdEf:::[0-9a-f-]{36}$/,
        );
      });

      it("keeps snapshots where it is told for how long", async () => {
        const days = async (more: Partial<Kind>) =>
          (await cache({ ...args, ...more })).one(type).inputs.snapshotRetentionLimit;
        assert.deepEqual([await days({}), await days({ backupDays: 7 })], [0, 7]);
        await assert.rejects(days({ backupDays: 36 }), /backupDays: given 36; allowed: 0 to 35/);
      });

      it("stays in AWS where it is retained", async () => {
        const { one } = await cache({ ...args, retain: true });
        for (const each of [type, types.user, types.group, types.password]) {
          assert.equal(one(each).options.retainOnDelete, true, each);
        }
        assert.equal((await cache(args)).one(type).options.retainOnDelete, false);
      });
    });
  }

  it("serverless is of a major version, in three zones at most, within its limits", async () => {
    const { inputs } = (
      await cache({ ...serverless, serverless: { maxGB: 10, maxEcpuPerSecond: 5000 } })
    ).one(types.serverless);
    assert.equal(inputs.majorEngineVersion, "8");
    assert.deepEqual(inputs.subnetIds, network.privateSubnetIds.slice(0, 3));
    assert.deepEqual(inputs.cacheUsageLimits, {
      dataStorage: { maximum: 10, unit: "GB" },
      ecpuPerSeconds: [{ maximum: 5000 }],
    });
  });

  it("of nodes is encrypted on its way and at rest", async () => {
    const { inputs } = (await cache(nodes)).one(types.nodes);
    assert.deepEqual(
      [inputs.atRestEncryptionEnabled, inputs.transitEncryptionEnabled],
      [true, true],
    );
    assert.deepEqual([inputs.numCacheClusters, inputs.automaticFailoverEnabled], [1, false]);
  });

  it("of nodes has a second one as its standby, in another zone", async () => {
    const { inputs } = (await cache({ ...nodes, standby: true })).one(types.nodes);
    assert.deepEqual(
      [inputs.numCacheClusters, inputs.automaticFailoverEnabled, inputs.multiAzEnabled],
      [2, true, true],
    );
  });

  it("fails when it is two kinds, or of what ElastiCache has not", async () => {
    await assert.rejects(
      cache({ ...serverless, node: "t4g.micro", version: "7.1", standby: true }),
      {
        message: [
          'Cache serverless: given {"serverless":{},"node":"t4g.micro"}; allowed: either serverless or node; name one',
          "Cache standby: given true; allowed: nothing beside serverless, which is in several zones; remove standby",
          'Cache version: given "7.1"; allowed: 7.2, 8.0, 8.1, 8.2, 9.0, 9.1; write "9.1"',
          'Cache node: given "t4g.micro"; allowed: a type of ElastiCache; write cache.t4g.micro',
        ].join("\n"),
      },
    );
    await assert.rejects(
      cache({ ...serverless, serverless: { maxGB: 0 } }),
      /serverless\.maxGB: given 0; allowed: 1 to 5000; set maxGB: 1/,
    );
  });
});
