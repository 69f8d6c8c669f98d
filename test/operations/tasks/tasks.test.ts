import assert from "node:assert/strict";
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { tasksOf, type TasksOptions } from "../../../operations/tasks/tasks";
import { runningText, stoppedText } from "../../../operations/tasks/text";
import { aTarget, releaseOf } from "../../delivery/support/aTarget";

const target = aTarget({ services: { web: {}, jobs: { kind: "worker" } } });
const digest = `sha256:${"a".repeat(64)}`;
const image = { uri: "example.com/web", tag: "3f9c2a1b", digest };
const reader = { now: new Date("2026-11-30T12:10:00Z"), timezone: "Etc/UTC" };
const at = (minute: number) => new Date(Date.UTC(2026, 10, 30, 12, minute));

function aTask(id: string, more: Partial<Task> = {}): Task {
  return {
    taskArn: `arn:aws:ecs:eu-west-1:123456789012:task/shop--staging/${id}`,
    taskDefinitionArn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop--staging--web:7",
    ...{ group: "service:shop--staging--web", lastStatus: "RUNNING", startedAt: at(0) },
    ...{ availabilityZone: "eu-west-1a", cpu: "512", memory: "1024", launchType: "FARGATE" },
    healthStatus: "UNKNOWN",
    containers: [
      {
        ...{ name: "app", imageDigest: digest },
        networkInterfaces: [{ privateIpv4Address: `10.0.0.${id.length}` }],
      },
    ],
    ...more,
  };
}

interface Group {
  readonly arn: string;
  readonly states: Readonly<Record<string, string>>;
}

async function told(tasks: readonly Task[], groups: readonly Group[] = [], stopped = false) {
  const send = (command: unknown) => {
    if (command instanceof ListTasksCommand) return { taskArns: tasks.map((one) => one.taskArn) };
    if (command instanceof DescribeTasksCommand) return { tasks };
    if (command instanceof DescribeServicesCommand) {
      const loadBalancers = groups.map(({ arn }) => ({ targetGroupArn: arn }));
      const serviceName = target.names.service("web");
      return { services: [{ serviceName, status: "ACTIVE", loadBalancers }] };
    }
    if (!(command instanceof DescribeTargetHealthCommand)) throw new Error("nobody asks that");
    const { states = {} } = groups.find(({ arn }) => arn === command.input.TargetGroupArn) ?? {};
    return {
      TargetHealthDescriptions: Object.entries(states).map(([Id, State]) => ({
        ...{ Target: { Id }, TargetHealth: { State } },
      })),
    };
  };
  const client = { send: (command: unknown) => Promise.resolve(send(command)) };
  return tasksOf({
    ...{ target, services: ["web", "jobs"], stopped },
    ecs: client as unknown as TasksOptions["ecs"],
    elb: client,
    releases: [
      releaseOf({ web: { ...image, digest: "sha256:other" } }, { id: "newer-18" }),
      releaseOf({ web: image }, { id: "3f9c2a1b-17" }),
      releaseOf({ web: image }, { id: "older-16" }),
    ],
  });
}

describe("what tasks run", () => {
  it("is told with the newest release of their image, the newest task first", async () => {
    const jobs = "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop--staging--jobs:1";
    const found = await told([
      aTask("a", { taskDefinitionArn: jobs, group: "service:shop--staging--jobs" }),
      aTask("b"),
      aTask("c", { startedAt: at(5) }),
      aTask("d", { taskDefinitionArn: `${jobs.replace("--jobs:1", "--else:1")}` }),
    ]);
    assert.deepEqual(
      found.map(({ service, id, release }) => [service, id, release]),
      [
        ["web", "c", "3f9c2a1b-17"],
        ["web", "b", "3f9c2a1b-17"],
        ["jobs", "a", undefined],
      ],
    );
  });

  it("is told from what somebody started by hand, and from release commands", async () => {
    const definition = "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop--staging--web";
    const found = await told([
      aTask("a", { group: "family:shop--staging--web" }),
      aTask("b", { taskDefinitionArn: `${definition}--release:3`, group: "family:x" }),
      aTask("c"),
    ]);
    assert.deepEqual(found.map(({ kind }) => kind).sort(), ["byHand", "releaseCommand", "service"]);
  });

  it("is as healthy as the worst of its target groups says, or its own check", async () => {
    const groups = [
      { arn: "first", states: { "10.0.0.1": "healthy", "10.0.0.2": "healthy" } },
      { arn: "second", states: { "10.0.0.1": "unhealthy", "10.0.0.2": "healthy" } },
    ];
    const found = await told(
      [aTask("a"), aTask("bb"), aTask("ccc", { healthStatus: "UNHEALTHY" }), aTask("dddd")],
      groups,
    );
    assert.deepEqual(
      found.map(({ health }) => health),
      ["unhealthy", "healthy", "unhealthy", undefined],
    );
  });

  it("is a table, in which what is not healthy is seen", async () => {
    const found = await told(
      [
        aTask("a", { capacityProviderName: "FARGATE_SPOT" }),
        aTask("bb", { capacityProviderName: "shop--staging--hosts", healthStatus: "HEALTHY" }),
        aTask("ccc", { lastStatus: "PENDING", startedAt: undefined, createdAt: at(9) }),
      ],
      [{ arn: "first", states: { "10.0.0.1": "unhealthy" } }],
    );
    const shown = runningText(found, reader, (mood, line) => `<${mood}>${line}`);
    assert.deepEqual(shown.split("\n"), [
      "SERVICE  TASK  RELEASE      SINCE                          ZONE        STATE               SIZE                ON                              ADDRESS",
      "web      ccc   3f9c2a1b-17  2026-11-30 12:09 (1 min ago)   eu-west-1a  pending             0.5 vCPU, 1024 MiB  Fargate                         10.0.0.3",
      "<bad>web      a     3f9c2a1b-17  2026-11-30 12:00 (10 min ago)  eu-west-1a  running, unhealthy  0.5 vCPU, 1024 MiB  Fargate Spot                    10.0.0.1",
      "web      bb    3f9c2a1b-17  2026-11-30 12:00 (10 min ago)  eu-west-1a  running, healthy    0.5 vCPU, 1024 MiB  a host of shop--staging--hosts  10.0.0.2",
    ]);
  });

  it("is why it ended, of those that stopped", async () => {
    const containers = [{ name: "app", exitCode: 137, imageDigest: "sha256:0123456789abcdef" }];
    const stopped = {
      lastStatus: "STOPPED",
      stoppedAt: at(7),
      stoppedReason: "Essential container in task exited",
    };
    const found = await told([aTask("a", { ...stopped, containers })], [], true);
    assert.deepEqual(found[0].exitCodes, { app: 137 });
    assert.equal(
      stoppedText(found, reader),
      "web  a  sha256:0123456789ab  2026-11-30 12:07 (3 min ago)\n" +
        "  Essential container in task exited; app: exit code 137 (killed: out of memory, or it did not mind SIGTERM)",
    );
  });
});
