import assert from "node:assert/strict";
import type { Task } from "@aws-sdk/client-ecs";
import { eventLines, targetGroupsOf } from "../../../delivery/explain/service";
import { failedContainers, stopLines, stopText } from "../../../delivery/explain/tasks";

const exited = {
  stoppedReason: "Essential container in task exited",
  stopCode: "EssentialContainerExited",
} as const;

describe("why tasks stopped", () => {
  const table: [string, Task, string][] = [
    [
      "an exit code",
      {
        ...exited,
        containers: [
          { name: "app", exitCode: 1 },
          { name: "sidecar", exitCode: 0 },
        ],
      },
      "Essential container in task exited (EssentialContainerExited); app: exit code 1",
    ],
    [
      "a process that merely ended",
      { ...exited, containers: [{ name: "app", exitCode: 0 }] },
      "Essential container in task exited (EssentialContainerExited); app: exit code 0 " +
        "(the process ended by itself; that of a service must go on)",
    ],
    [
      "a health check, whatever the code",
      {
        stoppedReason: "Task failed ELB health checks",
        containers: [{ name: "app", exitCode: 0 }],
      },
      "Task failed ELB health checks",
    ],
    [
      "no memory",
      { ...exited, containers: [{ name: "app", exitCode: 137, reason: "OutOfMemoryError" }] },
      "Essential container in task exited (EssentialContainerExited); app: exit code 137 " +
        "(killed: out of memory, or it did not mind SIGTERM), OutOfMemoryError",
    ],
    [
      "a pull that failed",
      {
        stoppedReason: "CannotPullContainerError: not found",
        stopCode: "TaskFailedToStart",
        containers: [{ name: "app" }],
      },
      "CannotPullContainerError: not found (TaskFailedToStart)",
    ],
    ["nothing", {}, "ECS gives no reason"],
  ];
  for (const [what, task, text] of table) {
    it(`is told: ${what}`, () => assert.equal(stopText(task), text));
  }

  const failures: [string, Task["containers"], string[]][] = [
    ["nobody", [{ name: "app", exitCode: 0 }, { name: "nginx" }], ["app"]],
    [
      "the sidecar",
      [
        { name: "app", exitCode: 143 },
        { name: "nginx", exitCode: 1 },
      ],
      ["nginx"],
    ],
    ["what it was told of", [{ name: "nginx", reason: "CannotPullContainerError" }], ["nginx"]],
    [
      "the service's own before others, and no more than two",
      [
        { name: "nginx", exitCode: 1 },
        { name: "init", exitCode: 2 },
        { name: "app", exitCode: 137, reason: "OutOfMemoryError" },
      ],
      ["app", "nginx"],
    ],
  ];
  for (const [who, containers, names] of failures) {
    it(`is the failure of ${who}`, () => {
      assert.deepEqual(failedContainers({ containers }), names);
    });
  }

  it("is told once for each way, and not without end", () => {
    const ways = Array.from({ length: 6 }, (_, way) => ({ stoppedReason: `way ${way}` }));
    assert.deepEqual(stopLines([ways[0], ways[0], ways[0], ways[1]], 4), [
      "3 tasks stopped: way 0",
      "a task stopped: way 1",
    ]);
    assert.deepEqual(stopLines(ways, 4).slice(3), ["a task stopped: way 3", "and in 2 other ways"]);
    assert.equal(stopLines(ways, 5).at(-1), "and in 1 other way");
  });
});

describe("what a service says", () => {
  it("names both target groups of a blue/green deployment, each once", () => {
    const group = (targetGroupArn: string, alternateTargetGroupArn?: string) => ({
      targetGroupArn,
      ...(alternateTargetGroupArn ? { advancedConfiguration: { alternateTargetGroupArn } } : {}),
    });
    assert.deepEqual(
      targetGroupsOf({ loadBalancers: [group("blue", "green"), group("blue"), {}] }),
      ["blue", "green"],
    );
  });

  it("tells what happened since a moment, newest first, and nothing of steady states", () => {
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 31, 12, minute));
    const events = [
      { createdAt: at(9), message: "(service web) has reached a steady state." },
      ...Array.from({ length: 12 }, (_, index) => ({
        createdAt: at(8 - Math.floor(index / 2)),
        message: `(service web) event ${index}`,
      })),
      { createdAt: at(0), message: "(service web) before" },
    ];
    const lines = eventLines({ events }, at(5));
    assert.equal(lines.length, 8);
    assert.equal(lines[0], "12:08:00 (service web) event 0");
    assert.equal(eventLines({ events }, at(8)).length, 2);
    assert.deepEqual(eventLines({}, at(0)), []);
  });
});
