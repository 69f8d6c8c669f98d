import assert from "node:assert/strict";
import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { environmentNames } from "../../contract/names";
import type { StackConfig } from "../../rehearsal/stackFile";
import { emptyPreview, up } from "../../rehearsal/update";
import { call } from "./calls";
import { buildOnEachOther, log, startBench, type Bench } from "./support";

const names = environmentNames({ name: "gantry", stack: "staging" });

const config: StackConfig = {
  "gantry:services": {
    api: { kind: "worker", publishes: ["orders"] },
    jobs: {
      kind: "worker",
      subscribes: { orders: {} },
      scaling: { min: 0, max: 3, messagesPerTask: 2 },
    },
  },
};

describe("a worker that scales from zero by its queue", function () {
  buildOnEachOther();
  let bench: Bench;

  before(async () => {
    bench = await startBench();
    await up(await bench.workspace.stack("staging", config), log);
  });

  after(() => bench?.stop());

  const tasks = async () => {
    const { services = [] } = await new ECSClient(bench.client).send(
      new DescribeServicesCommand({ cluster: names.cluster, services: [names.service("jobs")] }),
    );
    return [services[0].desiredCount, services[0].runningCount];
  };

  const sqs = async (action: string, body: object = {}) => {
    const { QueueUrl } = await call<{ QueueUrl: string }>(bench, "sqs", "AmazonSQS.GetQueueUrl", {
      QueueName: names.queue("jobs", "orders"),
    });
    await call(bench, "sqs", `AmazonSQS.${action}`, { QueueUrl, ...body });
  };

  const minute = () => bench.emulator.control("scaling/minute", {});

  it("has no task at first", async () => {
    await minute();
    assert.deepEqual(await tasks(), [0, 0]);
  });

  it("starts one for the first message, and more for more", async () => {
    await sqs("SendMessage", { MessageBody: "1" });
    await minute();
    assert.deepEqual(await tasks(), [1, 1]);
    for (const MessageBody of ["2", "3"]) await sqs("SendMessage", { MessageBody });
    await minute();
    assert.deepEqual(await tasks(), [2, 2]);
  });

  it("is left as it is by an update", async () => {
    await emptyPreview(await bench.workspace.stack("staging", config), log);
    assert.deepEqual(await tasks(), [2, 2]);
  });

  it("goes back to none once there is no message", async () => {
    await sqs("PurgeQueue");
    await minute();
    assert.deepEqual(await tasks(), [0, 0]);
  });
});
