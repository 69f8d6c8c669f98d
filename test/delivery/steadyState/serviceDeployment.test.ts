import assert from "node:assert/strict";
import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import {
  alarmFinding,
  isOpen,
  outcomeLines,
  type AlarmFinding,
} from "../../../delivery/steadyState/serviceDeployment";

describe("a service deployment", () => {
  it("is open while ECS decides, whatever it decides", () => {
    const states = {
      PENDING: true,
      IN_PROGRESS: true,
      STOP_REQUESTED: true,
      ROLLBACK_REQUESTED: true,
      ROLLBACK_IN_PROGRESS: true,
      SUCCESSFUL: false,
      STOPPED: false,
      ROLLBACK_SUCCESSFUL: false,
      ROLLBACK_FAILED: false,
    } as const;
    for (const [status, open] of Object.entries(states)) {
      assert.equal(isOpen({ status: status as keyof typeof states }), open, status);
    }
    assert.equal(isOpen(undefined), false);
  });

  it("says how it ended, with the alarms that fired", () => {
    const alarms = { status: "TRIGGERED", triggeredAlarmNames: ["5xx", "latency"] } as const;
    assert.deepEqual(
      outcomeLines({
        status: "ROLLBACK_FAILED",
        statusReason: "alarm",
        alarms: { ...alarms, triggeredAlarmNames: [...alarms.triggeredAlarmNames] },
      }),
      ["ECS: the service deployment is ROLLBACK_FAILED: alarm", "alarms that fired: 5xx, latency"],
    );
    assert.deepEqual(outcomeLines({ status: "STOPPED", rollback: { reason: "breaker" } }), [
      "ECS: the service deployment is STOPPED: breaker",
    ]);
    assert.deepEqual(outcomeLines(undefined), []);
  });

  const alarms = (status: string, ...alarmNames: string[]) =>
    ({ alarms: { status, alarmNames } }) as ServiceDeployment;

  const table: [string, string[], ServiceDeployment | undefined, AlarmFinding][] = [
    ["none configured", [], undefined, undefined],
    ["watched to the end", ["5xx"], alarms("MONITORING_COMPLETE", "5xx"), undefined],
    ["still watched", ["5xx"], alarms("MONITORING", "5xx"), undefined],
    ["fired", ["5xx"], alarms("TRIGGERED", "5xx"), "fired"],
    ["disabled", ["5xx"], alarms("DISABLED", "5xx"), "notWatched"],
    ["one of two missing", ["5xx", "latency"], alarms("MONITORING_COMPLETE", "5xx"), "notWatched"],
    ["ECS says nothing", ["5xx"], {}, "notWatched"],
    ["ECS keeps no deployment", ["5xx"], undefined, "notWatched"],
  ];
  for (const [what, configured, deployment, finding] of table) {
    it(`with alarms: ${what} (rows 11, 12): ${finding ?? "nothing to say"}`, () => {
      assert.equal(alarmFinding(configured, deployment), finding);
    });
  }
});
