import assert from "node:assert/strict";
import { PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { environmentNames } from "../../../contract/names";
import { alarmStates } from "../../../delivery/gates/alarms";
import { parse } from "../../stacks/config/support";
import { startDeliveryBench, type DeliveryBench } from "./support";

const config = parse({ services: { web: {} }, pipeline: {} }, { stack: "production" });
const names = environmentNames(config);

describe("alarms that hold releases back, on the emulator", () => {
  let bench: DeliveryBench;

  before(async () => {
    bench = await startDeliveryBench();
  });
  after(() => bench?.stop());

  const put = async (AlarmName: string, StateValue: "ALARM" | "OK", AlarmActions?: string[]) => {
    const { cloudwatch } = bench.clients;
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        ...{ AlarmName, AlarmActions, Namespace: "Shop", MetricName: "Errors" },
        ...{ Statistic: "Sum", Period: 60, EvaluationPeriods: 1, Threshold: 1 },
        ComparisonOperator: "GreaterThanThreshold",
      }),
    );
    await cloudwatch.send(
      new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: "5 errors in a minute" }),
    );
  };

  it("are the environment's own that fire and that add no tasks", async () => {
    await put("shop--production--web-errors", "ALARM");
    await put("shop--production--web-latency", "OK");
    await put("shop--production--web-burst", "ALARM", [
      "arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:0a1b:resource/ecs/service/shop/web:policyName/burst",
    ]);
    await put("shop--production-eu--web-errors", "ALARM");
    const { firing, unknown } = await alarmStates(bench.clients.cloudwatch, { config, names });
    assert.deepEqual(
      firing.map(({ name, reason }) => [name, reason]),
      [["shop--production--web-errors", "5 errors in a minute"]],
    );
    assert.ok(!Number.isNaN(Date.parse(firing[0].since ?? "")));
    assert.deepEqual(unknown, []);
  });
});
