import assert from "node:assert/strict";
import type { StackConfig } from "../../rehearsal/stackFile";
import { destroy, emptyPreview, emptyRefresh, up } from "../../rehearsal/update";
import { call, newKey, query } from "./calls";
import { buildOnEachOther, log, startBench, type Bench } from "./support";

const config = (jobs: object, more: StackConfig = {}): StackConfig => ({
  "gantry:services": {
    api: { kind: "worker", publishes: ["orders", { name: "payments", fifo: true }] },
    jobs: { kind: "worker", ...jobs },
  },
  ...more,
});

const both = {
  subscribes: { orders: { filter: { event: ["placed"] }, deadLetterAfter: 1 }, payments: {} },
};

describe("topics and queues on the emulator", function () {
  buildOnEachOther();
  let bench: Bench;

  before(async () => {
    bench = await startBench();
  });

  after(() => bench?.stop());

  const stack = (values: StackConfig) => bench.workspace.stack("staging", values);

  const topicArn = async (topic: string) => {
    const arns = (await query(bench, "sns", { Action: "ListTopics" }))("TopicArn");
    return arns.find((arn) => arn.includes(`--api--${topic}`)) ?? assert.fail(arns.join());
  };

  const publish = async (topic: string, event: string, more: Record<string, string> = {}) => {
    await query(bench, "sns", {
      ...{ Action: "Publish", TopicArn: await topicArn(topic), Message: `${event} 1`, ...more },
      "MessageAttributes.entry.1.Name": "event",
      "MessageAttributes.entry.1.Value.DataType": "String",
      "MessageAttributes.entry.1.Value.StringValue": event,
    });
  };

  const sqs = <T>(action: string, body: object) =>
    call<T>(bench, "sqs", `AmazonSQS.${action}`, body);

  const urls = async () => {
    const { QueueUrls = [] } = await sqs<{ QueueUrls?: string[] }>("ListQueues", {});
    return QueueUrls.sort();
  };

  const receive = async (end: string) => {
    const QueueUrl = (await urls()).find((url) => url.endsWith(end));
    const { Messages = [] } = await sqs<{ Messages?: { Body: string }[] }>("ReceiveMessage", {
      ...{ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 },
    });
    return Messages.map(({ Body }) => (JSON.parse(Body) as { Message: string }).Message);
  };

  it("are made", async () => {
    await up(await stack(config(both)), log);
    await emptyPreview(await stack(config(both)), log);
    await emptyRefresh(await stack(config(both)), log);
    const names = (await urls()).map((url) => url.split("--").slice(2).join("--"));
    assert.deepEqual(names, [
      "jobs--orders",
      "jobs--orders-dead",
      "jobs--payments-dead.fifo",
      "jobs--payments.fifo",
    ]);
  });

  it("bring messages to who subscribes, as the filter says", async () => {
    await publish("orders", "cancelled");
    await publish("orders", "placed");
    await publish("payments", "paid", { MessageGroupId: "1" });
    assert.deepEqual(await receive("jobs--orders"), ["placed 1"]);
    assert.deepEqual(await receive("jobs--payments.fifo"), ["paid 1"]);
  });

  it("put aside what was received too often", async () => {
    assert.deepEqual(await receive("jobs--orders"), []);
    assert.deepEqual(await receive("jobs--orders-dead"), ["placed 1"]);
  });

  it("change in place, and keep what they hold", async () => {
    const changed = {
      subscribes: { orders: { deadLetterAfter: 9, retentionDays: 7 }, payments: {} },
    };
    const encrypted = config(changed, { "gantry:encryptionKeyArn": await newKey(bench) });
    const { changes } = await up(await stack(encrypted), log);
    assert.equal(changes.replace ?? 0, 0);
    await emptyPreview(await stack(encrypted), log);
    assert.deepEqual(await receive("jobs--orders-dead"), ["placed 1"]);
    await publish("orders", "cancelled");
    assert.deepEqual(await receive("jobs--orders"), ["cancelled 1"]);
  });

  it("are not deleted with their messages where the environment is protected", async () => {
    const isProtected = { "gantry:protection": true };
    await up(await stack(config(both, isProtected)), log);
    const before = await urls();
    const fewer = config({ subscribes: { orders: both.subscribes.orders } }, isProtected);
    await assert.rejects(async () => up(await stack(fewer), log), /protect/);
    assert.deepEqual(await urls(), before);
  });

  it("are destroyed", async () => {
    await up(await stack(config(both)), log);
    await destroy(await stack(config(both)), log);
    assert.deepEqual(await urls(), []);
  });
});
