import assert from "node:assert/strict";
import type { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { waitForSteadyState } from "../../../delivery/steadyState";
import { FakeClock } from "../support/fakeClock";
import { definitionArn, ShiftingEcs } from "../support/shiftingEcs";

const errors = "shop-web--errors";
const latency = "shop-web--latency";

describe("alarms that ECS watched", () => {
  const wait = async (answer: () => object) => {
    const clock = new FakeClock();
    const ecs = new ShiftingEcs(clock);
    ecs.alarmNames = [errors, latency];
    const lines: string[] = [];
    const asked: unknown[] = [];
    const cloudwatch = {
      send: async (command: DescribeAlarmsCommand) => {
        asked.push(command.input);
        return Promise.resolve(answer());
      },
    } as unknown as CloudWatchClient;
    await waitForSteadyState({
      ...{ ecs: ecs.client, cluster: "shop", clock, cloudwatch },
      progress: (line) => lines.push(line),
      services: [{ service: "web", ecsName: "shop-web", taskDefinitionArn: definitionArn(2) }],
    });
    assert.deepEqual(asked, [{ AlarmNames: [errors, latency], StateValue: "INSUFFICIENT_DATA" }]);
    return lines.at(-1) ?? "";
  };

  it("are good where all of them have data", async () => {
    const line = await wait(() => ({ MetricAlarms: [] }));
    assert.match(line, /no alarm fired \(shop-web--errors, shop-web--latency\)$/);
  });

  it("are not good where one has none", async () => {
    const line = await wait(() => ({ MetricAlarms: [{ AlarmName: latency }] }));
    assert.match(line, /WARNING: without data, and so of no meaning: shop-web--latency$/);
  });

  it("are not good where nobody may ask", async () => {
    const line = await wait(() => {
      throw new Error("AccessDenied");
    });
    assert.match(line, /WARNING: whether they have data could not be asked: AccessDenied$/);
  });
});
