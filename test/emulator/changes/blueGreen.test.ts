import assert from "node:assert/strict";
import {
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { destroy, emptyPreview, emptyRefresh } from "../../../rehearsal/update";
import { unprotected } from "../../../rehearsal/environments";
import type { StackConfig } from "../../../rehearsal/stackFile";
import { buildOnEachOther, log, startBench, type Bench } from "../support";
import { RunningEnvironment } from "./environment";

const web = { build: "app", port: 3000, scaling: { min: 2, max: 4 } };

describe("a running service whose deployments shift requests", function () {
  buildOnEachOther();
  let bench: Bench;
  let ecs: ECSClient;
  let environment: RunningEnvironment;

  const config = (services: object): StackConfig => ({
    ...unprotected("production"),
    "gantry:services": services,
  });

  /** Makes a change whose tasks come late, and fails where one of the paths would go unanswered on the way. */
  const changes = async (services: object, ...paths: readonly string[]) => {
    await environment.watch("/", ...paths);
    environment.config = config(services);
    await environment.up();
    assert.deepEqual(await environment.lost(), []);
    await emptyPreview(await environment.stack(), log);
  };

  const of = (service: string) => ({
    cluster: environment.names.cluster,
    service: environment.names.service(service),
  });

  const described = async (service: string) => {
    const { cluster, service: name } = of(service);
    const { services = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster, services: [name] }),
    );
    return services[0];
  };

  /** The newest deployment of the service; each look brings it further. */
  const newest = async () => {
    const { serviceDeployments: all = [] } = await ecs.send(
      new ListServiceDeploymentsCommand(of("web")),
    );
    const { serviceDeployments = [] } = await ecs.send(
      new DescribeServiceDeploymentsCommand({
        serviceDeploymentArns: [String(all[0].serviceDeploymentArn)],
      }),
    );
    return serviceDeployments[0];
  };

  const alarms = async () => (await described("web")).deploymentConfiguration?.alarms;

  const untilAt = async (stage: string) => {
    for (let looks = 0; looks < 600; looks++) {
      if ((await newest()).lifecycleStage === stage) return newest();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return assert.fail(`no deployment came to ${stage}`);
  };

  before(async () => {
    bench = await startBench();
    ecs = new ECSClient(bench.client);
    environment = new RunningEnvironment(bench, config({ web }));
    await environment.up();
    await environment.release("web");
    await environment.up();
  });

  after(() => bench?.stop());

  it("is made by deployments that are held until `up` answers, and end with it", async () => {
    const { deploymentConfiguration, loadBalancers = [] } = await described("web");
    assert.equal(deploymentConfiguration?.strategy, "BLUE_GREEN");
    assert.ok(loadBalancers[0].advancedConfiguration?.testListenerRule);
    assert.equal((await newest()).status, "SUCCESSFUL");
    await emptyPreview(await environment.stack(), log);
  });

  it("is changed without a request that is lost, and nothing reads otherwise afterwards", async () => {
    await environment.slowStart("web");
    const larger = { ...web, cpu: 1024, memoryMiB: 2048 };
    await changes({ web: { ...larger, alarms: { errorPercent: 2 } } });
    await emptyRefresh(await environment.stack(), log);
    await emptyPreview(await environment.stack(), log);
    const alarmNames = ["errors", "latency", "missingTasks", "unhealthyTasks"].map(
      (part) => `${of("web").service}--${part}`,
    );
    const watched = await alarms();
    assert.deepEqual([...(watched?.alarmNames ?? [])].sort(), alarmNames);
    assert.deepEqual([watched?.enable, watched?.rollback], [true, true]);
    assert.deepEqual((await newest()).alarms?.alarmNames?.length, alarmNames.length);
    await changes({ web: { ...larger, alarms: false } });
    assert.equal((await alarms())?.enable, false);
  });

  it("is not changed while a deployment is held, and that one goes on", async () => {
    await ecs.send(new UpdateServiceCommand({ ...of("web"), forceNewDeployment: true }));
    await untilAt("POST_TEST_TRAFFIC_SHIFT");
    environment.config = config({ web: { ...web, cpu: 2048, memoryMiB: 4096 } });
    const underWay = /was not changed: a deployment of .*web is under way/;
    await assert.rejects(environment.up(), underWay);
    // As delivery updates task definitions and services, and nothing else.
    const target = ["taskDefinition:TaskDefinition", "service:Service"].map(
      (type) => `urn:pulumi:production::gantry::**aws:ecs/${type}::**`,
    );
    const stack = await environment.stack();
    await assert.rejects(stack.up({ target }), underWay);
    const { status, serviceDeploymentArn } = await newest();
    assert.equal(status, "IN_PROGRESS");
    await ecs.send(
      new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }),
    );
    while ((await newest()).status !== "ROLLBACK_SUCCESSFUL");
  });

  it("fails `up` where ECS goes back from what was changed", async () => {
    environment.config = config({ web: { ...web, cpu: 2048, memoryMiB: 4096 } });
    // Five minutes of bake are ten seconds, in which somebody ends it.
    await bench.emulator.control("ecs/clock", { minuteSeconds: 2 });
    const failed = assert.rejects(environment.up(), /ended as ROLLBACK_SUCCESSFUL/);
    const { serviceDeploymentArn } = await untilAt("BAKE_TIME");
    await ecs.send(
      new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }),
    );
    await failed;
    await bench.emulator.control("ecs/clock", { minuteSeconds: 0 });
  });

  it("goes over to rolling and back without a request that is lost, whichever group serves", async () => {
    const rolling = { ...web, deployment: { strategy: "rolling" } };
    for (const cpu of [512, 1024]) {
      await changes({ web: { ...rolling, cpu } });
      assert.equal((await described("web")).deploymentConfiguration?.strategy, "ROLLING");
      await changes({ web: { ...web, cpu } });
      await changes({ web: { ...web, cpu: 256 } });
    }
  });

  it("has another route without a request that is lost", async () => {
    await changes({ web: { ...web, route: { paths: ["/", "/shop/*"] } } }, "/shop/1");
  });

  it("takes more paths than ECS shifts, by rolling, and fewer again", async () => {
    const first = ["/a/*", "/b/*", "/c/*", "/d/*"];
    await changes({ web: { ...web, route: { paths: ["/", "/0/*", ...first, "/e/*"] } } });
    assert.equal((await described("web")).deploymentConfiguration?.strategy, "ROLLING");
    await changes({ web: { ...web, route: { paths: ["/", "/d/*"] } } }, "/d/1");
    await changes({ web: { ...web, route: { paths: ["/", "/shop/*"] } } });
  });

  it("exchanges its route with another one", async () => {
    await environment.release("web", "api");
    const api = { ...web, route: { paths: ["/api/*"] } };
    const shop = { ...web, route: { paths: ["/", "/shop/*"] } };
    environment.config = config({ web: shop, api });
    await environment.up();
    await changes(
      { web: { ...shop, route: api.route }, api: { ...api, route: shop.route } },
      "/api/1",
    );
    await changes({ web: shop }, "/shop/1");
  });

  it("gets another name, whose tasks take over", async () => {
    const site = { ...web, route: { paths: ["/", "/shop/*"] } };
    await changes({ site }, "/shop/1");
    assert.equal((await described("site")).status, "ACTIVE");
  });

  it("goes with the environment", async () => {
    await destroy(await environment.stack(), log);
    assert.notEqual((await described("site"))?.status, "ACTIVE");
  });
});
