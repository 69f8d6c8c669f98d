import assert from "node:assert/strict";
import type { GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Task } from "@aws-sdk/client-ecs";
import { explainFailure, taskFailures, type ExplainOptions } from "../../../delivery/explain";
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
      names: {
        cluster: "shop-staging",
        service: (name: string) => name,
        logGroup: (name: string) => `/shop/${name}`,
      },
    } as unknown as ExplainOptions["target"];
    const lines = await explainFailure({ clients, target, service: "web", since: new Date(0) });
    assert.match(lines[0], /app: exit code 143 .*; nginx: exit code 1$/);
    assert.deepEqual(lines.slice(1, 3), [
      "web: task 0a1b: nginx: its last log lines (/shop/web, nginx/nginx/0a1b):",
      "  | from nginx/nginx/0a1b",
    ]);
    assert.ok(!lines.some((line) => line.includes("app/app")), lines.join("\n"));
    const ofTasks = await taskFailures({ clients, target, service: "web", since: new Date(0) });
    const at = stoppedAt.toISOString().slice(11, 16);
    assert.deepEqual(ofTasks, [
      lines[0].replace("stopped:", `stopped at ${at} UTC:`),
      ...lines.slice(1, 3),
    ]);
    const since = new Date(Date.now() + 60_000);
    assert.deepEqual(await taskFailures({ clients, target, service: "web", since }), []);
  });
});
