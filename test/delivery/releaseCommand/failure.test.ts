import assert from "node:assert/strict";
import type { GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ListTasksCommand, type Container } from "@aws-sdk/client-ecs";
import { logQueryPage } from "../../../contract/logQuery";
import { DeliveryError } from "../../../delivery/errors";
import { runReleaseCommand, type ReleaseCommandOptions } from "../../../delivery/releaseCommand";
import { aTarget } from "../support/aTarget";
import { FakeClock } from "../support/fakeClock";
import { releaseNumber, web } from "../support/fakePorts";

/** Runs the release command of a deployment that has started it before: its task stopped with these containers. */
async function failureOf(...containers: readonly Container[]): Promise<DeliveryError> {
  const stopped = {
    ...{ taskArn: "arn:aws:ecs:eu-west-1:123456789012:task/shop/0a1b", startedBy: "gantry-7" },
    createdAt: new Date("2026-01-31T11:58:00Z"),
    ...{ lastStatus: "STOPPED", stopCode: "EssentialContainerExited" as const, containers },
    stoppedReason: "Essential container in task exited",
  };
  const ecs = {
    send: (command: object) =>
      Promise.resolve(
        command instanceof ListTasksCommand
          ? { taskArns: command.input.desiredStatus === "STOPPED" ? [stopped.taskArn] : [] }
          : { tasks: [stopped] },
      ),
  };
  const logs = {
    send: ({ input }: GetLogEventsCommand) =>
      Promise.resolve({ events: [{ message: `from ${input.logStreamName}` }] }),
  };
  const options = {
    clients: { ecs, logs } as unknown as ReleaseCommandOptions["clients"],
    target: aTarget({ services: { web } }),
    ...{ release: releaseNumber(1), service: "web", number: 7, clock: new FakeClock() },
    releaseCommand: { command: ["node", "migrate.js"], timeoutMinutes: 15 },
  };
  try {
    await runReleaseCommand(options);
  } catch (error) {
    if (error instanceof DeliveryError) return error;
    throw error;
  }
  throw new Error("the release command succeeded");
}

describe("a release command that fails", () => {
  const group = "/gantry/shop/staging/services/web";
  const own = [`its last log lines (${group}, release/app/0a1b):`, "  | from release/app/0a1b"];
  const proxy = [
    `proxy: its last log lines (${group}, proxy/proxy/0a1b):`,
    "  | from proxy/proxy/0a1b",
  ];
  const rows: readonly [string, readonly Container[], RegExp, readonly string[]][] = [
    [
      "by itself",
      [{ name: "app", exitCode: 3 }],
      /^the release command of web failed with exit code 3: /,
      own,
    ],
    [
      "by a sidecar that it needs",
      [
        { name: "app", exitCode: 143 },
        { name: "proxy", exitCode: 1 },
      ],
      /failed with exit code 143: .*; proxy: exit code 1/,
      proxy,
    ],
    [
      "since what it waits for failed before it",
      [{ name: "app" }, { name: "proxy", exitCode: 1 }],
      /^the release command of web did not start: .*; proxy: exit code 1/,
      proxy,
    ],
    [
      "with a sidecar",
      [
        { name: "app", exitCode: 1 },
        { name: "proxy", exitCode: 2 },
      ],
      /failed with exit code 1/,
      [...own, ...proxy],
    ],
  ];
  for (const [how, containers, message, details] of rows) {
    it(`${how}, has the log of who failed`, async () => {
      const error = await failureOf(...containers);
      assert.match(error.message, message);
      const page = logQueryPage({
        ...{ region: "eu-west-1", logGroupName: group, stream: "0a1b" },
        ...{ from: "2026-01-31T11:58:00.000Z", to: "2026-01-31T12:00:00.000Z" },
      });
      assert.deepEqual(error.details, [...details, `its log in CloudWatch: ${page}`]);
    });
  }
});
