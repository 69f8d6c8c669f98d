import assert from "node:assert/strict";
import fc from "fast-check";
import { kernelCapabilities } from "../../../components/service/capabilities";
import {
  containerDefinition,
  taskVolumes,
  type ContainerSpec,
} from "../../../components/service/taskDefinition";

const spec: ContainerSpec = {
  taskFamily: "shop-web",
  image: { uri: "acme/web:1.4.2" },
  port: 3000,
  environment: {},
  secrets: [],
  stopTimeoutSeconds: 30,
  readonlyRootFilesystem: true,
  exec: false,
  ulimits: {},
  initProcess: true,
  logGroupName: "/gantry/shop/staging/services/web",
  region: "eu-west-1",
};

const capabilities = { drop: ["AUDIT_WRITE", "MKNOD", "NET_RAW", "SETFCAP", "SYS_CHROOT"] };

const defaults = {
  name: "app",
  image: "acme/web:1.4.2",
  essential: true,
  portMappings: [{ name: "app", containerPort: 3000, hostPort: 3000, protocol: "tcp" }],
  environment: [{ name: "PORT", value: "3000" }],
  secrets: [],
  readonlyRootFilesystem: true,
  mountPoints: [],
  stopTimeout: 30,
  linuxParameters: { initProcessEnabled: true, capabilities },
  logConfiguration: {
    logDriver: "awslogs",
    options: {
      "awslogs-group": "/gantry/shop/staging/services/web",
      "awslogs-region": "eu-west-1",
      "awslogs-stream-prefix": "app",
      mode: "non-blocking",
      "max-buffer-size": "25m",
    },
  },
};

const execVolumes = [
  { sourceVolume: "exec-state", containerPath: "/var/lib/amazon", readOnly: false },
  { sourceVolume: "exec-log", containerPath: "/var/log/amazon", readOnly: false },
];

describe("containerDefinition", () => {
  const table: [string, Partial<ContainerSpec>, Readonly<Record<string, unknown>>][] = [
    ["of a web service listens on its port and is told it", {}, {}],
    ["without a port opens none", { port: undefined }, { portMappings: [], environment: [] }],
    [
      "has the command in place of the image's",
      { image: { uri: "acme/web:1.4.2", command: ["node", "worker.js"] } },
      { command: ["node", "worker.js"] },
    ],
    [
      "has the entry point in place of the image's",
      { image: { uri: "acme/web:1.4.2", entryPoint: ["tini", "--"], command: ["node"] } },
      { entryPoint: ["tini", "--"], command: ["node"] },
    ],
    ["runs as the service's user", { user: "1000:1000" }, { user: "1000:1000" }],
    [
      "runs as the image's user where it must, whatever the service says",
      { user: "1000:1000", image: { uri: "acme/web:1.4.2", user: "node" } },
      { user: "node" },
    ],
    [
      "sorts variables, and sets PORT whatever they say",
      { environment: { ZONE: "b", PORT: "1", LOG_LEVEL: "info" } },
      {
        environment: [
          { name: "LOG_LEVEL", value: "info" },
          { name: "PORT", value: "3000" },
          { name: "ZONE", value: "b" },
        ],
      },
    ],
    [
      "sorts secrets",
      {
        secrets: [
          { name: "TOKEN", valueFrom: "arn:token" },
          { name: "DATABASE_URL", valueFrom: "arn:database" },
        ],
      },
      {
        secrets: [
          { name: "DATABASE_URL", valueFrom: "arn:database" },
          { name: "TOKEN", valueFrom: "arn:token" },
        ],
      },
    ],
    [
      "has its limits by ECS's names, in an order of its own",
      { ulimits: { nproc: { soft: -1, hard: -1 }, memlock: { soft: 64, hard: 128 } } },
      {
        ulimits: [
          { name: "memlock", softLimit: 64, hardLimit: 128 },
          { name: "nproc", softLimit: -1, hardLimit: -1 },
        ],
      },
    ],
    [
      "is the first process itself where it says so",
      { initProcess: false },
      { linuxParameters: { initProcessEnabled: false, capabilities } },
    ],
    [
      "has the shared memory given",
      { shmSizeMiB: 512 },
      { linuxParameters: { initProcessEnabled: true, capabilities, sharedMemorySize: 512 } },
    ],
    [
      "keeps no capability where none is named",
      { capabilities: [] },
      { linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } } },
    ],
    [
      "keeps those that are named, and drops the others of Docker's, since Fargate adds none",
      { capabilities: kernelCapabilities.filter((name) => !/^(CHOWN|SETUID)$/.test(name)) },
      {
        linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["CHOWN", "SETUID"] } },
      },
    ],
    [
      "may keep all that Docker gives",
      { capabilities: kernelCapabilities },
      { linuxParameters: { initProcessEnabled: true } },
    ],
    ["stops in the time given", { stopTimeoutSeconds: 120 }, { stopTimeout: 120 }],
    [
      "with exec lets the agent write beside the read-only root",
      { exec: true },
      { mountPoints: execVolumes },
    ],
    [
      "with exec and a writable root needs no volumes",
      { exec: true, readonlyRootFilesystem: false },
      { readonlyRootFilesystem: false },
    ],
  ];
  for (const [title, more, expected] of table) {
    it(title, () => {
      assert.deepEqual(containerDefinition({ ...spec, ...more }), { ...defaults, ...expected });
    });
  }

  it("has its properties in an order of its own, since another order is a change", () => {
    const image = {
      ...{ uri: "acme/web:1.4.2", entryPoint: ["tini"], command: ["node"], user: "node" },
    };
    const ulimits = { nofile: { soft: 1024, hard: 65_536 } };
    assert.deepEqual(Object.keys(containerDefinition({ ...spec, image, ulimits })), [
      "name",
      "image",
      "essential",
      "entryPoint",
      "command",
      "user",
      "portMappings",
      "environment",
      "secrets",
      "readonlyRootFilesystem",
      "mountPoints",
      "stopTimeout",
      "ulimits",
      "linuxParameters",
      "logConfiguration",
    ]);
  });

  it("of equal input in another order is the very same JSON", () => {
    const variable = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);
    const variables = fc.uniqueArray(fc.tuple(variable, fc.string()), {
      maxLength: 8,
      selector: ([name]) => name,
    });
    const shuffled = variables.chain((entries) =>
      fc.tuple(
        fc.constant(entries),
        fc.shuffledSubarray(entries, { minLength: entries.length, maxLength: entries.length }),
      ),
    );
    const definition = (
      environment: readonly [string, string][],
      secrets: readonly [string, string][],
    ) =>
      JSON.stringify(
        containerDefinition({
          ...spec,
          environment: Object.fromEntries(environment),
          secrets: secrets.map(([name, valueFrom]) => ({ name, valueFrom })),
        }),
      );
    fc.assert(
      fc.property(shuffled, shuffled, ([environment, otherOrder], [secrets, otherSecrets]) => {
        assert.equal(definition(environment, secrets), definition(otherOrder, otherSecrets));
      }),
    );
  });

  it("leaves its input as it is", () => {
    const secrets = [
      { name: "B", valueFrom: "arn:b" },
      { name: "A", valueFrom: "arn:a" },
    ];
    containerDefinition({ ...spec, secrets });
    assert.deepEqual(
      secrets.map(({ name }) => name),
      ["B", "A"],
    );
  });
});

describe("taskVolumes", () => {
  for (const exec of [false, true]) {
    for (const readonlyRootFilesystem of [false, true]) {
      it(`are what the container mounts, with exec ${exec} and a read-only root ${readonlyRootFilesystem}`, () => {
        const { mountPoints } = containerDefinition({ ...spec, exec, readonlyRootFilesystem });
        const mounted = (mountPoints as typeof execVolumes).map(({ sourceVolume }) => sourceVolume);
        const volumes = taskVolumes({ exec, readonlyRootFilesystem }).map(({ name }) => name);
        assert.deepEqual(volumes, mounted);
        assert.equal(volumes.length, exec && readonlyRootFilesystem ? 2 : 0);
      });
    }
  }
});
