import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type Deployment,
  type Task,
} from "@aws-sdk/client-ecs";
import type { Deployments } from "../../../rehearsal/runner/deployments";
import { freePort } from "../../../rehearsal/runner/backgroundProgram";
import { matches } from "../../../delivery/verify/matches";
import type { Served } from "../../../rehearsal/runner/served";
import { ImageBench } from "./imageBench";
import { serveSources } from "./servedSources";

const cluster = "shop-staging";
const service = "shop-staging-web";

/** Containers are sources under this machine's node here; with images: test/emulator/products.test.ts. */
describe("deployments of a rehearsal", function () {
  this.timeout(300_000);
  let bench: ImageBench;
  let ecs: ECSClient;
  let served: Served;
  let deployments: Deployments;

  before(async () => {
    bench = await ImageBench.start();
    const sources = await serveSources(bench);
    served = sources.served;
    ecs = new ECSClient(bench.account.connection.root);
    await bench.service(service, `${bench.uri}:1a2b3c4d`);
    deployments = await sources.hold();
  });

  after(async () => {
    await deployments?.stop();
    await served?.close();
    bench?.account.stop();
  });

  async function describe(): Promise<readonly Deployment[]> {
    const { services = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster, services: [service] }),
    );
    return services[0].deployments ?? [];
  }

  /** Deploys the image with another command, and answers the task definition. */
  async function deploy(
    command: readonly string[] | undefined,
    image = `${bench.uri}:1a2b3c4d`,
  ): Promise<string> {
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: service,
        containerDefinitions: [
          {
            name: "app",
            image,
            memory: 128,
            portMappings: [{ containerPort: 3000 }],
            ...(command ? { command: [...command] } : {}),
          },
        ],
      }),
    );
    const arn = taskDefinition?.taskDefinitionArn ?? "";
    await ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition: arn }));
    return arn;
  }

  /** Waits until nothing is in progress, and answers what runs. */
  async function settled(): Promise<string | undefined> {
    for (let looks = 0; looks < 200; looks++) {
      const all = await describe();
      if (all.every(({ rolloutState }) => rolloutState === "COMPLETED")) {
        return all[0].taskDefinition;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error("the deployment did not end");
  }

  async function stopped(): Promise<Task | undefined> {
    const list = new ListTasksCommand({ cluster, desiredStatus: "STOPPED" });
    const { taskArns = [] } = await ecs.send(list);
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    return tasks.find(({ stopCode }) => stopCode === "EssentialContainerExited");
  }

  it("complete when their container answers, and not before it has run", async () => {
    const arn = await deploy(undefined);
    const [primary] = await describe();
    assert.equal(primary.rolloutState, "IN_PROGRESS");
    assert.equal(await settled(), arn);
    assert.match(bench.lines.join("\n"), /shop-staging-web: its container runs/);
  });

  it("are rolled back when their container ends, whose exit code and last lines are those it had", async () => {
    const before = (await describe())[0].taskDefinition;
    await deploy(["node", "-e", "console.error('no database'); process.exit(3)"]);
    assert.equal(await settled(), before);
    const task = await stopped();
    assert.equal(task?.containers?.[0].exitCode, 3);
    assert.equal(task.stoppedReason, "Essential container in task exited");
    assert.match(bench.lines.join("\n"), /its container does not start/);
  });

  it("complete when a container that ended at first answers when it is started again", async () => {
    let asked = 0;
    const database = createServer((_, answer) => answer.writeHead(++asked > 1 ? 200 : 503).end());
    await once(database.listen(0, "127.0.0.1"), "listening");
    try {
      const url = `http://127.0.0.1:${(database.address() as AddressInfo).port}`;
      const server = "http.createServer((_, answer) => answer.end()).listen(process.env.PORT)";
      const script = `fetch("${url}").then(({ ok }) => (ok ? ${server} : process.exit(1)))`;
      const arn = await deploy(["node", "-e", script]);
      assert.equal(await settled(), arn);
      assert.equal(asked, 2);
    } finally {
      database.close();
    }
  });

  it("are rolled back when their image is not there", async () => {
    const before = (await describe())[0].taskDefinition;
    await deploy(undefined, `${bench.uri}:none`);
    assert.equal(await settled(), before);
  });

  it("have both containers run for a while, unless the old one must stop first", async () => {
    // Who finds the lock taken ends, as what must not run twice does.
    const lock = await freePort();
    const server = "http.createServer((_, answer) => answer.end())";
    // It listens where it is asked once it has the lock: one that loses its turn in between would count as started.
    const serve = `() => ${server}.listen(process.env.PORT)`;
    const taken = `on("error", () => process.exit(1))`;
    const holder = ["node", "-e", `${server}.${taken}.listen(${lock}, ${serve})`];
    const first = await deploy(holder);
    assert.equal(await settled(), first);
    await deploy(holder);
    assert.equal(await settled(), first);
    await ecs.send(
      new UpdateServiceCommand({
        ...{ cluster, service },
        deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 0 },
      }),
    );
    const last = await deploy(holder);
    assert.equal(await settled(), last);
  });

  it("complete at once when their image is of somebody else's registry", async () => {
    const arn = await deploy(undefined, "public.ecr.aws/docker/library/httpd:2.4");
    assert.equal(await settled(), arn);
  });
});

describe("a target group's matcher", () => {
  for (const [matcher, status, expected] of [
    ["200", "200", true],
    ["200", "204", false],
    ["200,301", "301", true],
    ["200-399", "302", true],
    ["200-299,404", "404", true],
    ["200-299", "fetch failed", false],
  ] as const) {
    it(`${matcher} ${expected ? "takes" : "refuses"} ${status}`, () =>
      assert.equal(matches(status, matcher), expected));
  }
});
