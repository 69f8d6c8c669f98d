import assert from "node:assert/strict";
import type { ServiceArgs, Sidecars, WebServiceArgs } from "../../../components";
import { kernelCapabilities } from "../../../components/service/capabilities";
import { parsed, type RecordedResource } from "../../support/record";
import { repositoryArn, service, types, web, worker } from "./support";

const nginx = { image: { uri: "nginx:1.29" }, port: 8080 } as const;
const dropped = ["AUDIT_WRITE", "MKNOD", "NET_RAW", "SETFCAP", "SYS_CHROOT"];
const migrate = { image: { uri: "acme/shop:1.4.2" }, essential: false } as const;

describe("sidecars of a Service", () => {
  it("stand beside its own container, with what a container has by default", async () => {
    const sidecars = { nginx };
    const { one } = await service(
      web({ sidecars, logs: { logGroupName: "/l", retentionDays: 7 } }),
    );
    const [app, sidecar, ...others] = containers(one(types.taskDefinition));
    assert.deepEqual(others, []);
    assert.equal(app.name, "app");
    assert.ok(!("dependsOn" in app) && !("healthCheck" in app));
    assert.deepEqual(sidecar, {
      name: "nginx",
      image: "nginx:1.29",
      essential: true,
      portMappings: [{ name: "nginx", containerPort: 8080, hostPort: 8080, protocol: "tcp" }],
      environment: [],
      secrets: [],
      readonlyRootFilesystem: true,
      mountPoints: [],
      stopTimeout: 30,
      linuxParameters: { capabilities: { drop: dropped } },
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": "/l",
          "awslogs-region": "eu-west-1",
          "awslogs-stream-prefix": "nginx",
          mode: "non-blocking",
          "max-buffer-size": "25m",
        },
      },
    });
  });

  it("have all that they are given", async () => {
    const cache = {
      image: { uri: "redis:8", entryPoint: ["tini", "--"], command: ["redis-server"] },
      environment: { ZONE: "b", LEVEL: "info" },
      secrets: { TOKEN: "/shop/token" },
      essential: false,
      dependsOn: { app: "healthy", nginx: "started" },
      healthCheck: {
        command: ["redis-cli", "ping"],
        intervalSeconds: 10,
        timeoutSeconds: 2,
        retries: 5,
        startPeriodSeconds: 20,
      },
      user: "1000:1000",
      readonlyRootFilesystem: false,
      capabilities: ["NET_RAW"],
      cpu: 64,
      memoryMiB: 128,
    } as const;
    const containerHealthCheck = { command: "curl -f localhost:3000/health" };
    const { one } = await service(web({ sidecars: { nginx, cache }, containerHealthCheck }));
    const [app, , sidecar] = containers(one(types.taskDefinition));
    assert.deepEqual(
      { ...sidecar, logConfiguration: undefined },
      {
        name: "cache",
        image: "redis:8",
        essential: false,
        entryPoint: ["tini", "--"],
        command: ["redis-server"],
        user: "1000:1000",
        cpu: 64,
        memory: 128,
        portMappings: [],
        environment: [
          { name: "LEVEL", value: "info" },
          { name: "ZONE", value: "b" },
        ],
        secrets: [
          {
            name: "TOKEN",
            valueFrom: "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/token",
          },
        ],
        readonlyRootFilesystem: false,
        mountPoints: [],
        stopTimeout: 30,
        linuxParameters: {
          capabilities: { drop: kernelCapabilities.filter((each) => each !== "NET_RAW") },
        },
        dependsOn: [
          { containerName: "app", condition: "HEALTHY" },
          { containerName: "nginx", condition: "START" },
        ],
        healthCheck: {
          command: ["CMD", "redis-cli", "ping"],
          interval: 10,
          timeout: 2,
          retries: 5,
          startPeriod: 20,
        },
        logConfiguration: undefined,
      },
    );
    assert.deepEqual(app.healthCheck, {
      command: ["CMD-SHELL", "curl -f localhost:3000/health"],
      interval: 30,
      timeout: 5,
      retries: 3,
      startPeriod: 0,
    });
  });

  it("that end are waited for by the service's own container", async () => {
    const sidecars = { migrate, warm: { ...migrate, image: { uri: "acme/warm:1" } } };
    const args = worker({ sidecars, dependsOn: { warm: "complete", migrate: "success" } });
    const [app] = containers((await service(args)).one(types.taskDefinition));
    assert.deepEqual(app.dependsOn, [
      { containerName: "migrate", condition: "SUCCESS" },
      { containerName: "warm", condition: "COMPLETE" },
    ]);
  });

  it("are pulled from their own repositories, and their secrets are read", async () => {
    const own = "arn:aws:ecr:eu-west-1:123456789012:repository/shop/staging/web.nginx";
    const sidecars = { nginx: { ...nginx, repositoryArn: own, secrets: { KEY: "/shop/key" } } };
    const { one } = await service(web({ repositoryArn, sidecars }));
    const { Statement } = parsed<{ Statement: { Action: string[]; Resource: string[] }[] }>(
      one(types.rolePolicy, "web-executionPolicy"),
      "policy",
    );
    const of = (action: string) =>
      Statement.find(({ Action }) => Action.includes(action))?.Resource;
    assert.deepEqual(of("ecr:BatchGetImage"), [repositoryArn, own]);
    assert.deepEqual(of("ssm:GetParameters"), [
      "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/key",
    ]);
  });

  it("take the requests where the route says so", async () => {
    const { one } = await service(web({ sidecars: { nginx }, route: { container: "nginx" } }));
    const { loadBalancers } = one(types.service).inputs as {
      loadBalancers: { containerName: string; containerPort: number }[];
    };
    const [{ containerName, containerPort }] = loadBalancers;
    assert.deepEqual(
      { containerName, containerPort },
      { containerName: "nginx", containerPort: 8080 },
    );
  });
});

describe("sidecars that are refused", () => {
  const refused: [string, ServiceArgs, RegExp][] = [
    [
      "one with the name of the service's own container",
      web({ sidecars: { app: migrate } }),
      /^Service sidecars\.app: given "a container of this name"; allowed: any other name: .*; rename it$/,
    ],
    [
      "ten of them",
      web({ sidecars: Object.fromEntries(Array.from("abcdefghij", (name) => [name, migrate])) }),
      /^Service sidecars: given 10; allowed: at most 9, .*; make some/,
    ],
    [
      "one whose port is none",
      of({ nginx: { ...nginx, port: 70_000 } }),
      /^Service sidecars\.nginx\.port: given 70000; allowed: 1 to 65535; name the port/,
    ],
    [
      "one that may not open its port",
      of({ nginx: { ...nginx, port: 80, capabilities: ["CHOWN"] } }),
      /^Service sidecars\.nginx\.capabilities: given "none that opens port 80"; allowed: NET_BIND_SERVICE .*; add/,
    ],
    [
      "one that keeps something twice",
      of({ nginx: { ...nginx, capabilities: ["CHOWN", "CHOWN"] } }),
      /^Service sidecars\.nginx\.capabilities: given "CHOWN"; allowed: each once; remove one CHOWN/,
    ],
    [
      "one on the port of the service's own container",
      of({ nginx: { ...nginx, port: 3000 } }),
      /^Service sidecars\.nginx\.port: given 3000; allowed: any port but 3000, on which app listens .*; let one/,
    ],
    [
      "two on one port",
      of({ nginx, envoy: nginx }),
      /^Service sidecars\.envoy\.port: given 8080; allowed: any port but 8080, on which nginx listens/,
    ],
    [
      "those that take all of the memory",
      of({ nginx: { ...nginx, memoryMiB: 256 }, migrate: { ...migrate, memoryMiB: 256 } }),
      /^Service sidecars\.\*\.memoryMiB: given 512; allowed: less than 512 in all, .*; raise memoryMiB/,
    ],
    [
      "those that take all of the CPU",
      of({ nginx: { ...nginx, cpu: 256 } }),
      /^Service sidecars\.\*\.cpu: given 256; allowed: less than 256 in all/,
    ],
    [
      "one whose secret is a value",
      of({ nginx: { ...nginx, secrets: { PASSWORD: "Pa55wordForShop" } } }),
      /^Service sidecars\.nginx\.secrets\.PASSWORD: given (?!.*Pa55).*; allowed: an ARN or a name/,
    ],
    [
      "one that waits for a container that is none",
      of({ nginx: { ...nginx, dependsOn: { mirgate: "success" } }, migrate }),
      /^Service sidecars\.nginx\.dependsOn\.mirgate: given "mirgate"; allowed: migrate, app; name another/,
    ],
    [
      "one that waits for itself",
      of({ nginx: { ...nginx, dependsOn: { nginx: "started" } } }),
      /^Service sidecars\.nginx\.dependsOn\.nginx: given "nginx"; allowed: app; name another/,
    ],
    [
      "one that waits until a container is healthy that has no check",
      of({ nginx: { ...nginx, dependsOn: { app: "healthy" } } }),
      /^Service sidecars\.nginx\.dependsOn\.app: given "healthy"; allowed: started, or a health check of app, which has none; give app one/,
    ],
    [
      "one that waits for the end of an essential container",
      web({ sidecars: { nginx }, dependsOn: { nginx: "complete" } }),
      /^Service dependsOn\.nginx: given "complete"; allowed: started or healthy of nginx, which is essential: .*; set essential: false/,
    ],
    [
      "one that waits until the service's own container has ended",
      of({ nginx: { ...nginx, dependsOn: { app: "success" } } }),
      /^Service sidecars\.nginx\.dependsOn\.app: given "success"; allowed: .*; wait for started$/,
    ],
    [
      "those that wait for one another",
      web({
        sidecars: { nginx: { ...nginx, dependsOn: { app: "started" } } },
        dependsOn: { nginx: "started" },
      }),
      /^Service sidecars\.nginx\.dependsOn\.app: given "nginx waits for app waits for nginx"; allowed: an order .*; remove one/,
    ],
    [
      "one whose check is faster than ECS",
      of({ nginx: { ...nginx, healthCheck: { command: "true", intervalSeconds: 4, retries: 0 } } }),
      /nginx\.healthCheck\.intervalSeconds: given 4; allowed: a whole number from 5 to 300; .*\n.*healthCheck\.retries: given 0; allowed: a whole number from 1 to 10/,
    ],
    [
      "a check without a command",
      web({ containerHealthCheck: { command: [] } }),
      /^Service containerHealthCheck\.command: given \[\]; allowed: a command; name what ends with 0/,
    ],
    ...(
      [
        ["is none", { nginx }, "nginxx", "nginx"],
        [
          "has no port",
          { migrate: { ...migrate, essential: true } },
          "migrate",
          "a sidecar that is essential",
        ],
        [
          "is not essential",
          { nginx: { ...nginx, essential: false } },
          "nginx",
          "a sidecar that is essential",
        ],
      ] as const
    ).map(([what, sidecars, container, allowed]): [string, ServiceArgs, RegExp] => [
      `one that takes the requests and ${what}`,
      web({ sidecars, route: { container } }),
      new RegExp(
        `^Service route\\.container: given "${container}"; allowed: ${allowed}.*; name one`,
      ),
    ]),
  ];
  for (const [what, args, message] of refused) {
    it(what, async () => {
      await assert.rejects(service(args), (error: Error) => {
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

function of(sidecars: Sidecars): WebServiceArgs {
  return web({ sidecars });
}

function containers(definition: RecordedResource): Record<string, unknown>[] {
  return parsed(definition, "containerDefinitions");
}
