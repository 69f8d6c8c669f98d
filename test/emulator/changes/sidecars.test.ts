import assert from "node:assert/strict";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  type ContainerDefinition,
} from "@aws-sdk/client-ecs";
import { unprotected } from "../../../rehearsal/environments";
import type { StackConfig } from "../../../rehearsal/stackFile";
import { destroy, emptyPreview } from "../../../rehearsal/update";
import { buildOnEachOther, log, startBench, type Bench } from "../support";
import { RunningEnvironment } from "./environment";

const web = { build: "app", port: 3000, scaling: { min: 2, max: 2 } };
const sidecars = {
  nginx: {
    image: "nginx:1.29",
    port: 8080,
    readonlyRootFilesystem: false,
    dependsOn: { app: "healthy" },
    volumes: { assets: { mountPath: "/www", readOnly: true } },
  },
  warm: {
    ...{ command: ["warm.sh"], essential: false },
    volumes: { assets: { mountPath: "/out" } },
  },
  otel: "openTelemetry",
  router: "fireLens",
};
const routed = {
  volumes: { assets: { ephemeral: true } },
  ...{ sidecars, dependsOn: { warm: "success" }, route: { container: "nginx" } },
  healthCheck: { command: "wget -q -O- http://localhost:3000/health", startPeriodSeconds: 20 },
};

describe("sidecars of a service", function () {
  buildOnEachOther();
  let bench: Bench;
  let environment: RunningEnvironment;

  const config = (more: object): StackConfig => ({
    ...unprotected("production"),
    "gantry:services": { web: { ...web, ...more } },
  });

  const change = async (more: object) => {
    environment.config = config(more);
    await environment.up();
    await emptyPreview(await environment.stack(), log);
  };

  /** The containers of the newest task definition, and the one that the load balancer leads to. */
  const running = async () => {
    const ecs = new ECSClient(bench.client);
    const { cluster, service } = environment.names;
    const { services = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster, services: [service("web")] }),
    );
    const [{ taskDefinition, loadBalancers = [] }] = services;
    const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    const { containerDefinitions = [] } = described.taskDefinition ?? {};
    const [{ containerName, containerPort }] = loadBalancers;
    return {
      volumes: described.taskDefinition?.volumes?.filter(({ name }) => !name?.startsWith("exec-")),
      containers: byName(containerDefinitions),
      requests: `${containerName}:${containerPort}`,
    };
  };

  const repositories = async () => {
    const { repositories = [] } = await new ECRClient(bench.client).send(
      new DescribeRepositoriesCommand({}),
    );
    return repositories.map(({ repositoryName }) => repositoryName).sort();
  };

  before(async () => {
    bench = await startBench();
    environment = new RunningEnvironment(bench, config(routed));
  });

  after(() => bench?.stop());

  it("have repositories before the first release, and the placeholder takes their requests", async () => {
    await change(routed);
    const { containers, requests } = await running();
    assert.deepEqual(Object.keys(containers), ["app"]);
    assert.equal(requests, "app:3000");
    assert.deepEqual(await repositories(), [
      environment.names.repository("web"),
      environment.names.repository("web.nginx"),
      environment.names.repository("web.otel"),
      environment.names.repository("web.router"),
    ]);
  });

  it("come with the first release, in their order, and take the requests", async () => {
    await environment.release("web", "web.nginx", "web.otel", "web.router");
    await change(routed);
    const { containers, requests, volumes } = await running();
    assert.deepEqual(
      volumes?.map(({ name, efsVolumeConfiguration }) => [name, efsVolumeConfiguration]),
      [["assets", undefined]],
    );
    assert.deepEqual(Object.keys(containers), ["app", "nginx", "otel", "router", "warm"]);
    assert.equal(requests, "nginx:8080");
    const { app, nginx, otel, router, warm } = containers;
    assert.deepEqual(app.dependsOn, [
      { containerName: "otel", condition: "START" },
      { containerName: "router", condition: "START" },
      { containerName: "warm", condition: "SUCCESS" },
    ]);
    assert.match(otel.image ?? "", /\/web\.otel@sha256:\w+$/);
    assert.deepEqual(otel.restartPolicy, { enabled: true, restartAttemptPeriod: 60 });
    assert.equal(router.firelensConfiguration?.type, "fluentbit");
    assert.equal(app.logConfiguration?.logDriver, "awsfirelens");
    assert.deepEqual(app.healthCheck, {
      command: ["CMD-SHELL", "wget -q -O- http://localhost:3000/health"],
      interval: 10,
      timeout: 5,
      retries: 3,
      startPeriod: 20,
    });
    assert.deepEqual(nginx.dependsOn, [{ containerName: "app", condition: "HEALTHY" }]);
    assert.match(nginx.image ?? "", /\/web\.nginx@sha256:2+$/);
    assert.match(warm.image ?? "", /\/web@sha256:1+$/);
    assert.deepEqual(
      [...(warm.mountPoints ?? []), ...(nginx.mountPoints ?? [])],
      [
        { sourceVolume: "assets", containerPath: "/out", readOnly: false },
        { sourceVolume: "assets", containerPath: "/www", readOnly: true },
      ],
    );
  });

  it("change, and no request is lost", async () => {
    await environment.watch("/");
    const { nginx } = sidecars;
    const router = {
      ...{ kind: "fireLens", options: { Name: "datadog", apikey: "${API_KEY}" } },
      secrets: { API_KEY: "/shop/datadog" },
    };
    const changed = {
      ...sidecars,
      router,
      nginx: { ...nginx, memoryMiB: 128, writablePaths: ["/tmp"] },
    };
    const assets = { ephemeral: true, mountPath: "/srv/assets" };
    await change({ ...routed, sidecars: changed, volumes: { assets } });
    const { containers } = await running();
    assert.equal(containers.nginx.memory, 128);
    assert.equal(containers.app.mountPoints?.at(-1)?.containerPath, "/srv/assets");
    assert.equal(containers.nginx.linuxParameters?.tmpfs?.[0].containerPath, "/tmp");
    const [{ name }] = containers.app.logConfiguration?.secretOptions ?? [];
    assert.equal(name, "apikey");
    assert.deepEqual(await environment.lost(), []);
  });

  it("go with their repositories, and the service takes the requests again", async () => {
    await change({});
    const { containers, requests, volumes } = await running();
    assert.deepEqual([Object.keys(containers), volumes], [["app"], []]);
    assert.equal(requests, "app:3000");
    assert.deepEqual(await repositories(), [environment.names.repository("web")]);
    assert.deepEqual(await environment.lost(), []);
  });

  it("are destroyed with the environment", async () => {
    await change(routed);
    assert.deepEqual(Object.keys((await destroy(await environment.stack(), log)).changes), [
      "delete",
    ]);
  });
});

function byName(containers: readonly ContainerDefinition[]) {
  const entries = containers.map((container) => [container.name ?? "", container] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
