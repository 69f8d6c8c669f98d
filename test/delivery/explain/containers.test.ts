import assert from "node:assert/strict";
import type { GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Task } from "@aws-sdk/client-ecs";
import { logQueryPage } from "../../../contract/logQuery";
import { explainFailure, taskFailures, type ExplainOptions } from "../../../delivery/explain";
import { FakeClock } from "../support/fakeClock";
import { parse } from "../../stacks/config/support";

const stoppedAt = new Date();
const task: Task = {
  taskArn: "arn:aws:ecs:eu-west-1:123456789012:task/shop-staging/0a1b",
  lastStatus: "STOPPED",
  stoppedAt,
  stoppedReason: "Essential container in task exited",
  stopCode: "EssentialContainerExited",
  containers: [
    { name: "app", exitCode: 143 },
    { name: "nginx", exitCode: 1 },
  ],
};

/** Clients of one stopped task, each of whose containers has logged its name. */
const clients = {
  ecs: {
    send: ({ constructor: { name } }: object) =>
      Promise.resolve(
        name.startsWith("List")
          ? { taskArns: [task.taskArn] }
          : { tasks: [task], services: [{ serviceName: "web" }] },
      ),
  },
  logs: {
    send: ({ input }: GetLogEventsCommand) =>
      Promise.resolve({ events: [{ message: `from ${input.logStreamName}` }] }),
  },
} as unknown as ExplainOptions["clients"];

describe("the explanation of a task with sidecars", () => {
  it("has the log of the container that failed, and says whose it is", async () => {
    const target = {
      config: parse({ services: { web: {} } }),
      region: "eu-west-1",
      names: {
        cluster: "shop-staging",
        service: (name: string) => name,
        logGroup: (name: string) => `/shop/${name}`,
      },
    } as unknown as ExplainOptions["target"];
    const clock = new FakeClock();
    const since = new Date("2026-01-31T11:00:00Z");
    const options = { clients, target, service: "web", since, clock };
    const lines = await explainFailure(options);
    assert.match(lines[0], /app: exit code 143 .*; nginx: exit code 1$/);
    assert.deepEqual(lines.slice(1, 3), [
      "web: task 0a1b: nginx: its last log lines (/shop/web, nginx/nginx/0a1b):",
      "  | from nginx/nginx/0a1b",
    ]);
    assert.ok(!lines.some((line) => line.includes("app/app")), lines.join("\n"));
    const page = logQueryPage({
      ...{ region: "eu-west-1", logGroupName: "/shop/web" },
      ...{ from: since.toISOString(), to: clock.now().toISOString() },
    });
    assert.equal(lines.at(-1), `web: its log in CloudWatch: ${page}`);
    const ofTasks = await taskFailures(options);
    const at = stoppedAt.toISOString().slice(11, 16);
    assert.deepEqual(ofTasks, [
      lines[0].replace("stopped:", `stopped at ${at} UTC:`),
      ...lines.slice(1, 3),
      `web: its log in CloudWatch: ${page}`,
    ]);
    const later = new Date(Date.now() + 60_000);
    assert.deepEqual(await taskFailures({ ...options, since: later }), []);
    // A deployment is explained with the log though no task failed, as where health checks did.
    assert.match(
      (await explainFailure({ ...options, since: later })).join("\n"),
      /^web: no task failed\nweb: its log in CloudWatch: \S+$/,
    );
  });
});
