import assert from "node:assert/strict";
import type { Deployment, Service } from "@aws-sdk/client-ecs";
import { judge, shortName } from "../../../delivery/steadyState/judge";

const arn = (revision: number) =>
  `arn:aws:ecs:eu-west-1:123456789012:task-definition/shop-web:${revision}`;

function deployment(more: Partial<Deployment> = {}): Deployment {
  return {
    status: "PRIMARY",
    taskDefinition: arn(2),
    rolloutState: "COMPLETED",
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    ...more,
  };
}

function service(deployments: Deployment[], more: Partial<Service> = {}): Service {
  return { status: "ACTIVE", desiredCount: 2, runningCount: 2, deployments, ...more };
}

const old = deployment({ status: "ACTIVE", taskDefinition: arn(1), runningCount: 2 });

describe("what ECS says of a service", () => {
  const table: [string, Service | undefined, "completed" | "waiting" | "failed", RegExp][] = [
    [
      "steady",
      service([deployment()]),
      "completed",
      /2 of 2 tasks of shop-web:2 run; .* COMPLETED/,
    ],
    [
      "steady with no task wanted",
      service([deployment({ desiredCount: 0, runningCount: 0 })], {
        desiredCount: 0,
        runningCount: 0,
      }),
      "completed",
      /0 of 0 tasks/,
    ],
    [
      "starting",
      service([deployment({ rolloutState: "IN_PROGRESS", runningCount: 0, pendingCount: 2 }), old]),
      "waiting",
      /0 of 2 tasks of shop-web:2 run, 2 pending, 2 of earlier ones still run/,
    ],
    [
      "all running, but not called completed (bake)",
      service([deployment({ rolloutState: "IN_PROGRESS" })]),
      "waiting",
      /2 of 2 .* IN_PROGRESS/,
    ],
    [
      "completed, with tasks that have gone since",
      service([deployment({ runningCount: 1, failedTasks: 4 })], { runningCount: 1 }),
      "waiting",
      /1 of 2 tasks .* 4 failed/,
    ],
    [
      "completed, with earlier tasks left",
      service([deployment(), old], { runningCount: 4 }),
      "waiting",
      /2 of earlier ones still run/,
    ],
    [
      "without a word about the rollout",
      service([deployment({ rolloutState: undefined })]),
      "waiting",
      /in no state/,
    ],
    [
      "failed",
      service([
        deployment({ rolloutState: "FAILED", rolloutStateReason: "tasks failed to start." }),
      ]),
      "failed",
      /deployment of shop-web:2 failed: tasks failed to start/,
    ],
    [
      "rolling back",
      service([
        deployment({ taskDefinition: arn(1), rolloutState: "IN_PROGRESS" }),
        deployment({ status: "ACTIVE", rolloutState: "FAILED", rolloutStateReason: "breaker" }),
      ]),
      "failed",
      /shop-web:1 has taken its place: .* \(breaker\)/,
    ],
    [
      "rolled back and as steady as can be",
      service([deployment({ taskDefinition: arn(1) })]),
      "failed",
      /shop-web:1 has taken its place/,
    ],
    ["gone", undefined, "failed", /is gone/],
    ["inactive", service([], { status: "INACTIVE" }), "failed", /INACTIVE/],
    ["draining", service([deployment()], { status: "DRAINING" }), "failed", /DRAINING/],
    ["without deployments", service([]), "failed", /no PRIMARY deployment/],
  ];
  for (const [what, described, state, text] of table) {
    it(`${what}: ${state}`, () => {
      const verdict = judge(described, (given) => given === arn(2));
      assert.equal(verdict.state, state, verdict.text);
      assert.match(verdict.text, text);
    });
  }

  it("names task definitions as people do", () => {
    assert.equal(shortName(arn(17)), "shop-web:17");
    assert.equal(shortName(""), "no task definition");
  });
});
