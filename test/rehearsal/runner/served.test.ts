import assert from "node:assert/strict";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type ContainerDefinition,
} from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { existsSync } from "node:fs";
import { get } from "node:http";
import { environmentNames } from "../../../contract/names";
import { systemClock } from "../../../delivery/clock";
import { verify } from "../../../delivery/verify";
import { freePort } from "../../../rehearsal/runner/backgroundProgram";
import { serve, type Served } from "../../../rehearsal/runner/served";
import { countOf } from "../../../rehearsal/traffic/report";
import { TrafficWatch } from "../../../rehearsal/traffic/watch";
import { aTarget, releaseOf } from "../../delivery/support/aTarget";
import { defaultVpc } from "../../support/defaultVpc";
import { createLedgerTable } from "../../support/ledgerTable";
import { ImageBench } from "./imageBench";

const cluster = "shop-staging";
const service = "shop-staging-web";
const told = "http://staging.shop.example.com";
/** How long programs take that are slow to listen. */
const startMs = 3_000;
const pause = () => new Promise((resolve) => setTimeout(resolve, 1_000));

/** Containers are sources under this machine's node here; with images: test/emulator/products.test.ts. */
describe("services of a rehearsal", function () {
  this.timeout(300_000);
  let bench: ImageBench;
  let ecs: ECSClient;
  let served: Served;
  let url: string;
  let first: string;

  before(async () => {
    bench = await ImageBench.start();
    const { folders, connection } = bench.account;
    const { tools, env } = await bench.simulated();
    await bench.buildAndPush(bench.environment(tools, env), "1a2b3c4d", "node:22-alpine");
    ecs = new ECSClient(connection.root);
    first = await define("debug");
    await create(first);
    const log = (line: string) => void bench.lines.push(line);
    served = serve({ connection, tools, folder: folders.make(), log });
    url = await served.addresses.open({ cluster, service, told });
  });

  after(async () => {
    await served?.close();
    bench?.account.stop();
  });

  /** A task definition whose container tells a level. */
  async function define(
    level: string,
    image = `${bench.uri}:1a2b3c4d`,
    name?: string,
    more: Partial<ContainerDefinition> = {},
  ): Promise<string> {
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        ...{ family: service, networkMode: "awsvpc", cpu: "256", memory: "512" },
        requiresCompatibilities: ["FARGATE"],
        containerDefinitions: [
          {
            ...{ name: "app", image, portMappings: [{ name, containerPort: 3000 }] },
            environment: [{ name: "LOG_LEVEL", value: level }],
            ...more,
          },
        ],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? "";
  }

  async function create(taskDefinition: string): Promise<void> {
    const { emulator, connection } = bench.account;
    const { vpcId, subnets } = await defaultVpc(emulator.url);
    const elb = new ElasticLoadBalancingV2Client(connection.root);
    const group = await elb.send(
      new CreateTargetGroupCommand({
        ...{ Name: "web", Protocol: "HTTP", Port: 3000, VpcId: vpcId, TargetType: "ip" },
      }),
    );
    const targetGroupArn = group.TargetGroups?.[0]?.TargetGroupArn ?? "";
    const balancer = await elb.send(
      new CreateLoadBalancerCommand({ Name: "shop", Subnets: subnets }),
    );
    await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: balancer.LoadBalancers?.[0]?.LoadBalancerArn,
        ...{ Port: 80, Protocol: "HTTP" },
        DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
      }),
    );
    await ecs.send(
      new CreateServiceCommand({
        ...{ cluster, serviceName: service, taskDefinition, desiredCount: 2 },
        launchType: "FARGATE",
        networkConfiguration: { awsvpcConfiguration: { subnets } },
        loadBalancers: [{ targetGroupArn, containerName: "app", containerPort: 3000 }],
      }),
    );
  }

  const level = async () => ((await (await fetch(url)).json()) as { readonly level: string }).level;
  const update = (taskDefinition: string) =>
    ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition }));

  it("start when a request wants them, one container for all tasks", async () => {
    assert.equal(await level(), "debug");
    const task = { cluster, service, taskDefinition: first };
    const container = await served.services.run(task);
    assert.deepEqual([await level(), await level()], ["debug", "debug"]);
    assert.equal(await served.services.run(task), container);
  });

  it("are those of the tasks that the load balancer has, and the ones before it go", async () => {
    const before = await served.services.run({ cluster, service, taskDefinition: first });
    const next = await define("warn");
    await update(next);
    assert.equal(await level(), "warn");
    await served.services.retire({ cluster, service }, [next]);
    await assert.rejects(fetch(before.url ?? ""), "nothing listens any more");
    assert.equal(await level(), "warn");
  });

  it("are started again when they have ended by themselves", async () => {
    const { taskDefinition = "" } = await served.services.describe(cluster, service);
    const container = await served.services.run({ cluster, service, taskDefinition });
    await container.stop();
    assert.equal(await level(), "warn");
  });

  it("answer builds at a socket, by the name that the pipeline tells", async () => {
    const place = { cluster, service };
    const { url: inBuild, reached } = await served.addresses.openForBuild({ ...place, told });
    assert.equal(inBuild, told);
    assert.deepEqual([reached.host, reached.port], ["staging.shop.example.com", 80]);
    const text = await new Promise<string>((resolve, reject) => {
      const options = { socketPath: reached.socket, headers: { host: reached.host } };
      get(options, (response) => void response.toArray().then((all) => resolve(all.join("")))).on(
        "error",
        reject,
      );
    });
    assert.match(text, /"level":"warn"/);
    const secure = await served.addresses.openForBuild({
      ...place,
      told: "https://staging.shop.example.com/api",
    });
    assert.equal(secure.url, "http://staging.shop.example.com:443/api");
  });

  it("run before one that calls them, and answer by an address that stands for their name", async () => {
    const name = "shop-staging-api";
    const namespace = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-1";
    const { taskDefinition: told = "" } = await served.services.describe(cluster, service);
    const alias = { dnsName: "api", port: 3000 };
    const { subnets } = await defaultVpc(bench.account.emulator.url);
    await ecs.send(
      new CreateServiceCommand({
        ...{ cluster, serviceName: name, taskDefinition: await define("info", undefined, "app") },
        ...{ desiredCount: 1, launchType: "FARGATE" },
        networkConfiguration: { awsvpcConfiguration: { subnets } },
        serviceConnectConfiguration: {
          ...{ enabled: true, namespace },
          services: [{ portName: "app", discoveryName: "api", clientAliases: [alias] }],
        },
      }),
    );
    const connected = { enabled: true, namespace };
    const update = { cluster, service, taskDefinition: await define("error") };
    await ecs.send(new UpdateServiceCommand({ ...update, serviceConnectConfiguration: connected }));
    await served.services.run(update);
    const caller = await served.services.describe(cluster, service);
    const known = await served.services.names.knownTo(cluster, caller);
    assert.deepEqual(
      known?.names.map((each) => [each.name, each.port, each.service.serviceName]),
      [["api", 3000, name]],
    );
    const answer = await fetch(`http://${known?.names[0].address}:3000`);
    assert.equal(((await answer.json()) as { readonly level: string }).level, "info");
    await ecs.send(
      new UpdateServiceCommand({
        ...{ cluster, service, taskDefinition: told },
        serviceConnectConfiguration: { enabled: false },
      }),
    );
    const alone = await served.services.describe(cluster, service);
    assert.equal(await served.services.names.knownTo(cluster, alone), undefined);
  });

  it("answer a verification at the addresses of their tasks, where no load balancer leads to them", async () => {
    const name = "shop-staging-api";
    const verified = async (matcher: string) => {
      const lines: string[] = [];
      const asked = {
        kind: "private",
        port: 3000,
        verify: { path: "/", matcher, timeoutSeconds: 10 },
      };
      const { passed } = await verify({
        ecs,
        elb: new ElasticLoadBalancingV2Client(bench.account.connection.root),
        target: {
          ...aTarget({ services: { api: asked } }),
          names: {
            ...environmentNames({ name: "shop", stack: "staging" }),
            cluster,
            service: () => name,
          },
        },
        ...{ release: releaseOf({}), urls: {}, clock: systemClock, onOutput: () => undefined },
        progress: (line) => lines.push(line),
      });
      return [passed, lines.join("\n")] as const;
    };
    assert.deepEqual(await served.addresses.openTasks(cluster, "bash"), []);
    const [passed, lines] = await verified("200");
    assert.equal(passed, true, lines);
    assert.match(lines, /GET http:\/\/127\.77\.\d+\.\d+:3000\/: 200/);
    const [wrong, told] = await verified("204");
    assert.equal(wrong, false);
    assert.match(told, /:3000\/: 200, and not 204/);
  });

  it("answer it at a socket in builds with a network of their own", async () => {
    const [{ host, port, socket }, ...others] = await served.addresses.openTasks(
      cluster,
      "container",
    );
    assert.deepEqual(others, []);
    assert.match(`${host}:${port}`, /^127\.77\.\d+\.\d+:3000$/);
    const status = await new Promise((resolve, reject) => {
      get({ socketPath: socket }, ({ statusCode }) => resolve(statusCode)).on("error", reject);
    });
    assert.equal(status, 200);
  });

  it("are asked by users once they run, until they leave for another one at their image's port", async () => {
    const { connection } = bench.account;
    const [product, stack] = ["shop", "staging"];
    const names = environmentNames({ name: product, stack });
    await createLedgerTable({ dynamodb: new DynamoDBClient(connection.root) }, { names });
    const port = await freePort();
    const [before, next] = await Promise.all(
      ["old", "new"].map(async (word) => {
        const listen = `setTimeout(() => http.createServer((_, answer) => answer.end("${word}")).listen(${port}), ${startMs})`;
        const app = { entryPoint: ["node"], command: ["-e", listen] };
        const portMappings = [{ containerPort: port }];
        const taskDefinition = await define(word, undefined, undefined, { ...app, portMappings });
        return { cluster, service, taskDefinition };
      }),
    );
    await update(before.taskDefinition);
    const place = { stack, service: "web", told };
    const watch = new TrafficWatch({
      ...{ connection, product, stack, services: served.services, opened: [{ ...place, url }] },
      wanted: [{ ...place, cluster, serviceName: service }],
    });
    const deploy = async () => {
      await pause();
      const { url: asked = "" } = await served.services.run(next);
      assert.equal(asked, `http://127.0.0.1:${port}`);
      await pause();
      assert.equal(await (await fetch(asked)).text(), "new");
    };
    const [, traffic] = await watch.during(deploy, () => new Map());
    assert.ok(countOf(traffic) > 3, String(countOf(traffic)));
    for (const { status, taskDefinition, milliseconds, error } of traffic.services[0].answers) {
      assert.deepEqual([status, taskDefinition, error], [200, before.taskDefinition, undefined]);
      assert.ok(milliseconds < startMs, `${milliseconds} ms`);
    }
  });

  it("answer 502 where tasks run somebody else's image", async () => {
    await update(await define("none", "public.ecr.aws/docker/library/httpd:2.4"));
    assert.equal((await fetch(url)).status, 502);
  });

  it("end with it, and nothing is left", async () => {
    const { reached } = await served.addresses.openForBuild({ cluster, service, told });
    assert.ok(existsSync(reached.socket));
    await served.close();
    await assert.rejects(fetch(url));
    assert.ok(!existsSync(reached.socket));
  });
});
