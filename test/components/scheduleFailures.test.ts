import assert from "node:assert/strict";
import { ScheduleFailures, type ScheduleFailuresArgs } from "../../components";
import { parsed, record, valueOf } from "../support/record";

const queueName = "shop-schedules-dead";
const queueArn = `arn:aws:sqs:eu-west-1:123456789012:${queueName}`;

function failures(more: Partial<ScheduleFailuresArgs> = {}) {
  return record(() => new ScheduleFailures("shop", { queueName, ...more }));
}

describe("ScheduleFailures", () => {
  it("keeps what could not be started for two weeks, encrypted, and refuses whoever comes without TLS", async () => {
    const { one, value } = await failures();
    assert.deepEqual(one("aws:sqs/queue:Queue").inputs, {
      ...{ name: queueName, sqsManagedSseEnabled: true, messageRetentionSeconds: 1_209_600 },
    });
    const { Statement } = parsed<{ Statement: unknown[] }>(
      one("aws:sqs/queuePolicy:QueuePolicy"),
      "policy",
    );
    assert.deepEqual(Statement, [
      {
        ...{ Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: queueArn },
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
    assert.equal(await valueOf(value.queueArn), queueArn);
  });

  it("tells for as long as anything is there, and nobody where none is named", async () => {
    const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
    const { inputs } = (await failures()).one(alarmType);
    assert.deepEqual(
      [inputs.metricName, inputs.dimensions, inputs.threshold, inputs.alarmActions],
      ["ApproximateNumberOfMessagesVisible", { QueueName: queueName }, 0, undefined],
    );
    const alarmActions = ["arn:aws:sns:eu-west-1:123456789012:alarms"];
    assert.deepEqual(
      (await failures({ alarmActions })).one(alarmType).inputs.alarmActions,
      alarmActions,
    );
  });
});
