import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Service, type ServiceArgs } from "../../../components";
import { record } from "../../support/record";
import { cluster, service, types, web, worker } from "./support";

const password = "Pa55wordForShop";

describe("failures of a Service", () => {
  const table: [string, ServiceArgs, RegExp][] = [
    [
      "Fargate has no such CPU",
      worker({ cpu: 300 }),
      /^Service cpu: given 300; allowed: 256, 512, 1024, 2048, 4096, 8192 or 16384; choose one/,
    ],
    [
      "the memory does not go with the CPU",
      worker({ cpu: 512, memoryMiB: 512 }),
      /^Service memoryMiB: given 512; allowed: 1024, 2048, 3072 or 4096 with cpu 512; set memoryMiB: 1024$/,
    ],
    [
      "the memory does not go with the default CPU",
      worker({ memoryMiB: 4096 }),
      /memoryMiB: given 4096; allowed: 512, 1024 or 2048 with cpu 256; set memoryMiB: 2048$/,
    ],
    ...[20, 201, 21.5].map((ephemeralStorageGiB): [string, ServiceArgs, RegExp] => [
      `a task has ${ephemeralStorageGiB} GiB of storage`,
      worker({ ephemeralStorageGiB }),
      new RegExp(
        `^Service ephemeralStorageGiB: given ${ephemeralStorageGiB}; allowed: a whole number from 21 to 200; choose`,
      ),
    ]),
    [
      "tasks on hosts have storage of their own",
      worker({ cluster: { ...cluster, launchTypes: ["EC2"] }, ephemeralStorageGiB: 50 }),
      /^Service ephemeralStorageGiB: given 50; allowed: nothing on hosts, whose disk .*; remove it/,
    ],
    [
      "a task on Fargate has a size of shared memory",
      worker({ shmSizeMiB: 256 }),
      /^Service shmSizeMiB: given 256; allowed: nothing on Fargate, which .*; remove it/,
    ],
    [
      "a soft limit is above the hard one",
      worker({
        ulimits: {
          nofile: { soft: 65_536, hard: 1024 },
          memlock: { soft: -1, hard: -1 },
          core: { soft: 0, hard: -1 },
        },
      }),
      /^Service ulimits\.nofile\.soft: given 65536; allowed: at most 1024, which is the hard limit; lower it, or raise hard$/,
    ],
    [
      "a soft limit is none, and the hard one is one",
      worker({ ulimits: { memlock: { soft: -1, hard: 64 } } }),
      /^Service ulimits\.memlock\.soft: given -1; allowed: at most 64/,
    ],
    [
      "there are more tasks at least than at most",
      worker({ scaling: { min: 4, max: 3 } }),
      /^Service scaling\.min: given 4; allowed: 0 to 3, which is scaling\.max; raise scaling\.max/,
    ],
    ...[0, 65536, 80.5].map((port): [string, ServiceArgs, RegExp] => [
      `the port is ${port}`,
      web({ port }),
      new RegExp(`^Service port: given ${port}; allowed: 1 to 65535; name the port`),
    ]),
    [
      "a secret is a value and not a reference",
      worker({ secrets: { DATABASE_PASSWORD: password } }),
      /^Service secrets\.DATABASE_PASSWORD: given .*; allowed: an ARN or a name in Secrets Manager .* or SSM .*; put the value/,
    ],
    [
      "tasks would have six security groups",
      worker({ securityGroupIds: ["sg-1", "sg-2", "sg-3", "sg-4", "sg-5"] }),
      /^Service securityGroupIds: given 5; allowed: at most 4 beside the service's own; give one/,
    ],
    [
      "a task may do everything",
      worker({ permissions: [{ actions: ["s3:GetObject", "s3:*"], resources: ["*"] }] }),
      /^Service permissions\.0\.actions: given "s3:\*"; allowed: actions by their whole names/,
    ],
    ...(
      [
        [
          { StringIs: { "aws:PrincipalTag/a": "b" } },
          /^Service permissions\.0\.conditions: given "StringIs"/,
        ],
        [
          { Bool: { SecureTransport: "true" } },
          /conditions\.Bool: given "SecureTransport"; allowed: a condition/,
        ],
        [
          { Bool: { "aws:SecureTransport": [] } },
          /given \[\]; allowed: at least one value; name one/,
        ],
        [
          { NumericLessThan: { "s3:max-keys": "x" } },
          /max-keys: given "x"; allowed: a number; write a number/,
        ],
      ] as const
    ).map(([conditions, message]): [string, ServiceArgs, RegExp] => [
      `a condition is ${JSON.stringify(conditions)}`,
      worker({ permissions: [{ actions: ["s3:GetObject"], resources: ["*"], conditions }] }),
      message,
    ]),
  ];
  for (const [fault, args, message] of table) {
    it(`fails when ${fault}`, async () => {
      await assert.rejects(service(args), (error) => {
        assert.ok(pulumi.ResourceError.isInstance(error));
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it("names all faults at once", async () => {
    const args = web({ cpu: 300, port: 0, scaling: { min: 4, max: 3 } });
    await assert.rejects(service(args), ({ message }: Error) => {
      const paths = message.split("\n").map((line) => /^Service ([^:]+):/.exec(line)?.[1]);
      assert.deepEqual(paths, ["cpu", "scaling.min", "port"]);
      return true;
    });
  });

  it("never repeats a text that may be the secret itself", async () => {
    await assert.rejects(service(worker({ secrets: { A: password } })), ({ message }: Error) => {
      assert.ok(!message.includes(password), message);
      return true;
    });
  });

  it("creates nothing when there is a fault", async () => {
    const { resources } = await record(() => {
      assert.throws(() => new Service("web", web({ port: 0 })));
    });
    assert.deepEqual(
      resources.map(({ type }) => type),
      ["gantry:index:Service"],
    );
  });

  it("takes every size on hosts", async () => {
    const hosts = { ...cluster, launchTypes: ["EC2"] };
    const { all } = await service(worker({ cluster: hosts, cpu: 300, memoryMiB: 700 }));
    assert.equal(all(types.service).length, 1);
  });
});

describe("transform of a Service", () => {
  it("has the last word on the task definition", async () => {
    const { one } = await service(
      worker({
        transform: {
          taskDefinition: (args) => ({ ...args, ephemeralStorage: { sizeInGib: 50 } }),
        },
      }),
    );
    const { inputs } = one(types.taskDefinition);
    assert.deepEqual(inputs.ephemeralStorage, { sizeInGib: 50 });
    assert.equal(inputs.family, "shop-staging-jobs");
  });

  it("has the last word on the service", async () => {
    const { one } = await service(
      worker({ transform: { service: (args) => ({ ...args, deploymentMaximumPercent: 150 }) } }),
    );
    const { inputs } = one(types.service);
    assert.equal(inputs.deploymentMaximumPercent, 150);
    assert.deepEqual(inputs.deploymentCircuitBreaker, { enable: true, rollback: true });
  });

  it("of one leaves the other alone", async () => {
    const plain = (await service(worker())).one(types.service).inputs;
    const { one } = await service(
      worker({ transform: { taskDefinition: (args) => ({ ...args, cpu: "1024" }) } }),
    );
    assert.deepEqual(one(types.service).inputs, plain);
  });
});
