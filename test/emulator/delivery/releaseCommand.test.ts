import assert from "node:assert/strict";
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { DeliveryError } from "../../../delivery/errors";
import { runReleaseCommand } from "../../../delivery/releaseCommand";
import type { Target } from "../../../delivery/target";
import type { Release } from "../../../contract/manifest";
import { failureOf } from "./failureOf";
import {
  FakeClock,
  pushImage,
  releaseOf,
  seedService,
  targetOf,
  type DeliveryBench,
} from "./support";
import { useBench } from "./useBench";

const family = "shop--staging--web--release";
const releaseCommand = { command: ["node", "migrate.js"], timeoutMinutes: 2 };

describe("a release command on the emulator", () => {
  let bench: DeliveryBench;
  let target: Target;
  let clock: FakeClock;
  let release: Release;
  let told: string[];

  useBench((started) => (bench = started));

  beforeEach(async () => {
    target = targetOf();
    clock = new FakeClock();
    told = [];
    await seedService(bench, target, "aaaaaaaa");
    release = releaseOf({ web: await pushImage(bench.clients, target, "web", "bbbbbbbb") });
  });

  const run = (number = 17, more: object = {}) =>
    runReleaseCommand({
      clients: bench.clients,
      target,
      release,
      service: "web",
      releaseCommand,
      number,
      clock,
      progress: (line) => told.push(line),
      ...more,
    });
  const plan = (outcome: object) => bench.emulator.control("ecs/next-task", { family, ...outcome });

  async function tasks(): Promise<Task[]> {
    const { cluster } = target.names;
    const arns: string[] = [];
    for (const desiredStatus of ["RUNNING", "STOPPED"] as const) {
      const { taskArns = [] } = await bench.clients.ecs.send(
        new ListTasksCommand({ cluster, family, desiredStatus }),
      );
      arns.push(...taskArns);
    }
    if (arns.length === 0) return [];
    const described = await bench.clients.ecs.send(
      new DescribeTasksCommand({ cluster, tasks: arns }),
    );
    return described.tasks ?? [];
  }

  it("runs with the variables that the release brings, which what runs does not have yet", async () => {
    const image = "old";
    const app = { name: "app", image, essential: true, environment: [{ name: "A", value: "2" }] };
    const planned = () => Promise.resolve({ containerDefinitions: JSON.stringify([app]) });
    await run(17, { planned });
    const [task] = await tasks();
    const { taskDefinition } = await bench.clients.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: task.taskDefinitionArn }),
    );
    const [container] = taskDefinition?.containerDefinitions ?? [];
    assert.deepEqual(container.environment, [{ name: "A", value: "2" }]);
    assert.match(container.image ?? "", new RegExp(`@${release.images.web.digest}$`));
    assert.deepEqual(container.command, releaseCommand.command);
  });

  it("runs as a task of the new image, once, before the service changes", async () => {
    await run();
    const [task, ...others] = await tasks();
    assert.deepEqual(others, []);
    assert.equal(task.startedBy, "gantry-17");
    assert.equal(task.launchType, "FARGATE");
    assert.equal(task.containers?.[0].imageDigest, release.images.web.digest);
    const { taskDefinition } = await bench.clients.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: task.taskDefinitionArn }),
    );
    assert.equal(taskDefinition?.family, family);
    assert.deepEqual(taskDefinition?.containerDefinitions?.[0].command, ["node", "migrate.js"]);
    assert.equal(told.at(-1), "web: the release command succeeded");
    assert.deepEqual(clock.sleeps, [5000, 5000]);
  });

  async function revisions(): Promise<readonly string[]> {
    const { taskDefinitionArns = [] } = await bench.clients.ecs.send(
      new ListTaskDefinitionsCommand({ familyPrefix: family, status: "ACTIVE" }),
    );
    return taskDefinitionArns;
  }

  it("fails with its exit code and its last log lines", async () => {
    await plan({ exitCode: 3, containerReason: "migration 7" });
    const logGroupName = target.names.logGroup("web");
    const { logs } = bench.clients;
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    const logging = new FakeClock();
    const sleep = logging.sleep.bind(logging);
    logging.sleep = async (milliseconds) => {
      await sleep(milliseconds);
      if (logging.sleeps.length > 1) return;
      const [{ taskArn = "" }] = await tasks();
      const place = { logGroupName, logStreamName: `release/app/${taskArn.split("/").at(-1)}` };
      await logs.send(new CreateLogStreamCommand(place));
      const logEvents = [{ message: "column exists already", timestamp: Date.now() }];
      await logs.send(new PutLogEventsCommand({ ...place, logEvents }));
    };
    const error = await failureOf(DeliveryError, run(17, { clock: logging }));
    assert.match(
      error.message,
      /^the release command of web failed with exit code 3: .*app: exit code 3, migration 7 \(task .*\)\. The service is unchanged\.$/,
    );
    const [line, link] = error.details.slice(-2);
    assert.equal(line, "  | column exists already");
    assert.match(link, /^its log in CloudWatch: https:/);
  });

  it("fails where the container never started", async () => {
    await plan({
      exitCode: null,
      stopCode: "TaskFailedToStart",
      stoppedReason: "CannotPullContainerError: denied",
    });
    const error = await failureOf(DeliveryError, run());
    assert.match(
      error.message,
      /did not start: CannotPullContainerError: denied \(TaskFailedToStart\)/,
    );
    assert.match(error.details[0], /it logged nothing/);
  });

  it("fails with the reason where there is no capacity (row 35)", async () => {
    await plan({ failure: "Capacity is unavailable at this time" });
    const error = await failureOf(DeliveryError, run());
    assert.match(error.message, /could not start: Capacity is unavailable at this time/);
    assert.match(error.message, /what runs goes on/);
    assert.deepEqual(await tasks(), []);
  });

  it("is stopped when it takes too long (row 34)", async () => {
    await plan({ keepsRunning: true });
    const error = await failureOf(DeliveryError, run());
    assert.match(error.message, /took longer than 2 min and was stopped/);
    assert.equal(clock.slept, 120);
    const [task] = await tasks();
    assert.equal(task.lastStatus, "STOPPED");
    assert.match(task.stoppedReason ?? "", /longer than 2 min/);
  });

  describe("of a deployment that was killed", () => {
    /** A clock that dies the first time somebody waits by it. */
    const dying = { now: () => new Date(), sleep: () => Promise.reject(new Error("killed")) };

    it("is adopted while it runs", async () => {
      await assert.rejects(run(17, { clock: dying }), /killed/);
      assert.equal((await tasks()).length, 1);
      await run(17);
      assert.equal((await tasks()).length, 1);
      assert.match(told.join("\n"), /deployment 17 has started its release command/);
      assert.equal(told.at(-1), "web: the release command succeeded");
    });

    it("is adopted when it has ended, well or not", async () => {
      await run(17);
      await run(17);
      assert.equal((await tasks()).length, 1);
      await plan({ exitCode: 3 });
      await failureOf(DeliveryError, run(18));
      assert.match((await failureOf(DeliveryError, run(18))).message, /exit code 3/);
      assert.equal((await tasks()).length, 2);
    });

    it("registers no other revision once its task was adopted", async () => {
      await new Promise<void>((waits) => {
        const never = new Promise<void>(() => undefined);
        const sleep = () => (waits(), never);
        void run(17, { clock: { now: () => new Date(), sleep } });
      });
      assert.equal((await revisions()).length, 1);
      await run(17);
      assert.equal((await revisions()).length, 1);
    });

    it("is not taken for the next deployment's", async () => {
      await run(17);
      await run(18);
      assert.deepEqual((await tasks()).map(({ startedBy }) => startedBy).sort(), [
        "gantry-17",
        "gantry-18",
      ]);
    });
  });

  it("fails where there is no service to run like", async () => {
    target = targetOf({ web: {}, jobs: { kind: "worker" } });
    const error = await failureOf(DeliveryError, run(17, { service: "jobs" }));
    assert.match(error.message, /ECS has no active shop--staging--jobs.*pulumi up --stack staging/);
  });
});
