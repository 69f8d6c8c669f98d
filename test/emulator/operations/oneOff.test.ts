import assert from "node:assert/strict";
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTaskDefinitionCommand, type Task } from "@aws-sdk/client-ecs";
import { DeliveryError } from "../../../delivery/errors";
import type { Target } from "../../../delivery/target";
import { findTasks } from "../../../delivery/tasks";
import { planOneOff, runOneOff, type OneOffOptions } from "../../../operations/oneOff";
import { failureOf } from "../delivery/failureOf";
import {
  FakeClock,
  seedService,
  targetOf,
  type DeliveryBench,
  type Seeded,
} from "../delivery/support";
import { useBench } from "../delivery/useBench";

const family = "shop--staging--web--release";

describe("a one-off task on the emulator", () => {
  let bench: DeliveryBench;
  let target: Target;
  let seeded: Seeded;
  let printed: string[];
  let told: string[];

  useBench((started) => (bench = started));

  beforeEach(async () => {
    target = targetOf({ web: {}, jobs: { kind: "worker" } });
    [printed, told] = [[], []];
    seeded = await seedService(bench, target, "aaaaaaaa");
  });

  const options = (more: Partial<OneOffOptions> = {}): OneOffOptions => ({
    ...{ clients: bench.clients, target, service: "web", command: ["node", "migrate.js"] },
    ...{ timeoutMinutes: 2, actor: "ada@desk.example.com", clock: new FakeClock() },
    print: (line) => printed.push(line),
    progress: (line) => told.push(line),
    ...more,
  });
  const run = async (more: Partial<OneOffOptions> = {}) => {
    const given = options(more);
    return runOneOff(given, await planOneOff(given));
  };
  const plan = (outcome: object) => bench.emulator.control("ecs/next-task", { family, ...outcome });

  async function onlyTask(): Promise<Task> {
    const { cluster } = target.names;
    const [running, stopped] = [
      await findTasks(bench.clients.ecs, { cluster, family, desiredStatus: "RUNNING" }),
      await findTasks(bench.clients.ecs, { cluster, family, desiredStatus: "STOPPED" }),
    ];
    const tasks = [...running, ...stopped];
    assert.equal(tasks.length, 1);
    return tasks[0];
  }

  it("runs the command by the image that the service is on, and tells how to stop it", async () => {
    const stops: string[] = [];
    assert.equal(await run({ started: (stop) => stops.push(stop) }), 0);
    const task = await onlyTask();
    assert.equal(task.startedBy, "gantry-run/ada-desk-example-com");
    assert.equal(task.containers?.[0].imageDigest, seeded.image.digest);
    const { taskDefinition } = await bench.clients.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: task.taskDefinitionArn }),
    );
    assert.deepEqual(taskDefinition?.containerDefinitions?.[0].command, ["node", "migrate.js"]);
    const id = task.taskArn?.split("/").at(-1);
    assert.deepEqual(stops, [
      `aws ecs stop-task --cluster shop--staging --task ${id} --region eu-west-1`,
    ]);
    assert.deepEqual(told, [`web: task ${id}`, "web: succeeded"]);
  });

  it("says before what it will do", async () => {
    const { act } = await planOneOff(options());
    assert.match(
      act,
      /^web of staging: runs node migrate\.js as a task of its own, with the image .*@sha256:.*for 2 min at most$/,
    );
  });

  it("prints its log without secrets, and ends with its exit code", async () => {
    await plan({ exitCode: 3, containerReason: "migration 7" });
    const logGroupName = target.names.logGroup("web");
    const { logs } = bench.clients;
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    const clock = new FakeClock();
    const sleep = clock.sleep.bind(clock);
    clock.sleep = async (milliseconds) => {
      await sleep(milliseconds);
      if (clock.sleeps.length > 1) return;
      const { taskArn = "" } = await onlyTask();
      const place = { logGroupName, logStreamName: `release/app/${taskArn.split("/").at(-1)}` };
      await logs.send(new CreateLogStreamCommand(place));
      const message = "cannot reach postgres://shop:planted-Pa55word@db/shop";
      const logEvents = [{ message, timestamp: Date.now() }];
      await logs.send(new PutLogEventsCommand({ ...place, logEvents }));
    };
    assert.equal(await run({ clock }), 3);
    assert.equal(printed.length, 1);
    assert.equal(printed[0], "cannot reach ***");
    assert.doesNotMatch([...printed, ...told].join("\n"), /planted/);
    assert.match(told[1], /app: exit code 3, migration 7/);
    assert.match(told.at(-1) ?? "", /^web: its log in CloudWatch: https:/);
  });

  it("is 1 where it never started, with why", async () => {
    await plan({
      ...{ exitCode: null, stopCode: "TaskFailedToStart" },
      stoppedReason: "CannotPullContainerError: denied",
    });
    assert.equal(await run(), 1);
    assert.match(told[1], /CannotPullContainerError: denied/);
  });

  it("is stopped when it takes too long", async () => {
    await plan({ keepsRunning: true });
    const error = await failureOf(DeliveryError, run());
    assert.match(error.message, /^node migrate\.js of web took longer than 2 min and was stopped/);
    assert.equal((await onlyTask()).lastStatus, "STOPPED");
  });

  it("fails with the reason where there is no room", async () => {
    await plan({ failure: "Capacity is unavailable at this time" });
    const error = await failureOf(DeliveryError, run());
    assert.match(error.message, /could not start: Capacity is unavailable at this time/);
  });

  it("is refused of what ECS does not have, and of what is no service", async () => {
    const none = await failureOf(DeliveryError, planOneOff(options({ service: "jobs" })));
    assert.match(none.message, /ECS has no active shop--staging--jobs\. Nothing was started/);
    const slip = await failureOf(DeliveryError, planOneOff(options({ service: "wbe" })));
    assert.match(slip.message, /Is web meant\?/);
  });
});
