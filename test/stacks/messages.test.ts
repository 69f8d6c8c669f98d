import assert from "node:assert/strict";
import { environment } from "./support";

const values = {
  services: {
    api: { build: "api", publishes: ["orders", { name: "order-events", fifo: true }] },
    jobs: {
      kind: "worker",
      environment: { LOG_LEVEL: "info" },
      permissions: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::acme-assets/*"] }],
      subscribes: { orders: { retentionDays: 14 }, "order-events": {} },
    },
  },
};

const sns = "arn:aws:sns:eu-west-1:123456789012:shop--staging--api--";
const sqs = "shop--staging--jobs--";

interface Container {
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

describe("what services tell each other by", () => {
  it("is in their variables", async () => {
    const { resources } = await environment(values);
    const variables = (service: string) => {
      const task = resources.find(({ name }) => name === `shop--staging--${service}-task`);
      const [app] = JSON.parse(String(task?.inputs.containerDefinitions)) as Container[];
      return Object.fromEntries(app.environment.map(({ name, value }) => [name, value]));
    };
    const url = "https://sqs.eu-west-1.amazonaws.com/123456789012/";
    assert.deepEqual(variables("api"), {
      ORDERS_TOPIC_ARN: `${sns}orders`,
      ORDER_EVENTS_TOPIC_ARN: `${sns}order-events.fifo`,
      PORT: "3000",
    });
    assert.deepEqual(variables("jobs"), {
      LOG_LEVEL: "info",
      ORDERS_QUEUE_URL: `${url}${sqs}orders`,
      ORDER_EVENTS_QUEUE_URL: `${url}${sqs}order-events.fifo`,
    });
  });

  it("has alarms for what nobody could process, of which people are told", async () => {
    const actionsWith = async (notify: object | undefined) => {
      const { all, resources } = await environment({ ...values, ...(notify ? { notify } : {}) });
      const alarms = all("aws:cloudwatch/metricAlarm:MetricAlarm");
      assert.deepEqual(
        alarms.map(({ name }) => name),
        [`${sqs}orders-deadLetters`, `${sqs}order-events-deadLetters`],
      );
      const topics = resources.filter(
        ({ inputs }) => inputs.name === "shop--staging--notifications",
      );
      return { topics, actions: alarms.map(({ inputs }) => inputs.alarmActions) };
    };
    const topicArn = "arn:aws:sns:eu-west-1:123456789012:shop--staging--notifications";
    const told = await actionsWith({});
    assert.equal(told.topics.length, 1);
    assert.deepEqual(told.actions, [[topicArn], [topicArn]]);
    assert.deepEqual((await actionsWith({ kinds: ["failed"] })).actions, [[], []]);
    const { topics, actions } = await actionsWith(undefined);
    assert.deepEqual([topics, actions], [[], [[], []]]);
  });

  it("is what their roles may use, and nothing else", async () => {
    const { resources } = await environment({
      ...values,
      services: { ...values.services, jobs: { ...values.services.jobs, exec: false } },
    });
    const statements = (service: string) => {
      const policy = resources.find(({ name }) => name === `shop--staging--${service}-taskPolicy`);
      const document = JSON.parse(String(policy?.inputs.policy)) as { Statement: object[] };
      return document.Statement;
    };
    const arn = (topic: string) => `arn:aws:sqs:eu-west-1:123456789012:${sqs}${topic}`;
    assert.deepEqual(statements("api")[0], {
      Effect: "Allow",
      Action: ["sns:Publish"],
      Resource: [`${sns}orders`, `${sns}order-events.fifo`],
    });
    assert.deepEqual(statements("jobs"), [
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::acme-assets/*"] },
      {
        Effect: "Allow",
        Action: [
          ...["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          "sqs:ReceiveMessage",
        ],
        Resource: [arn("orders"), arn("order-events.fifo")],
      },
      {
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: ["arn:aws:kms:eu-west-1:123456789012:key/shop--staging-encryption-1a2b3c4"],
        Condition: { StringEquals: { "kms:ViaService": "sqs.eu-west-1.amazonaws.com" } },
      },
    ]);
  });

  it("keeps its messages in an environment that is protected", async () => {
    const kept = async (protection: boolean) => {
      const { all } = await environment({ ...values, protection });
      return all("aws:sqs/queue:Queue").map(({ options }) => options.protect);
    };
    assert.deepEqual(await kept(true), [true, true, true, true]);
    assert.deepEqual(await kept(false), [false, false, false, false]);
  });

  it("start as many tasks as config says", async () => {
    const jobs = { ...values.services.jobs, scaling: { min: 0, messagesPerTask: 10 } };
    const { resources } = await environment({ ...values, services: { ...values.services, jobs } });
    const alarm = resources.find(({ name, type }) => {
      return name === "shop--staging--jobs-scaleOnBacklog" && type.endsWith(":MetricAlarm");
    });
    const queries = alarm?.inputs.metricQueries as { metric?: { dimensions: object } }[];
    assert.deepEqual(
      queries.flatMap(({ metric }) => metric?.dimensions ?? []),
      [`${sqs}orders`, `${sqs}order-events.fifo`].flatMap((QueueName) => [
        { QueueName },
        { QueueName },
      ]),
    );
  });

  it("may be what happens in a bucket, of which it tells then", async () => {
    const events = { bucket: "files", events: ["created", "deleted"], prefix: "in/" };
    const jobs = { kind: "worker", subscribes: { imports: { ...events, deadLetterAfter: 2 } } };
    const { one, all } = await environment({
      buckets: { files: {}, pictures: {} },
      services: { jobs },
      protection: true,
    });
    const { bucket } = one("aws:s3/bucketNotification:BucketNotification").inputs;
    assert.match(String(bucket), /^shop-staging-files-/);
    const rules = all("aws:cloudwatch/eventRule:EventRule");
    assert.deepEqual(
      rules.map(({ name, options }) => [name, options.protect]),
      [
        ["shop--staging--jobs--imports-created", false],
        ["shop--staging--jobs--imports-deleted", false],
      ],
    );
    const { detail } = JSON.parse(String(rules[0].inputs.eventPattern)) as { detail: unknown };
    assert.deepEqual(detail, {
      bucket: { name: [bucket] },
      object: { key: [{ prefix: "in/" }] },
    });
    const queue = one("aws:sqs/queue:Queue", "shop--staging--jobs--imports");
    assert.match(String(queue.inputs.redrivePolicy), /"maxReceiveCount":2/);
    assert.equal(queue.inputs.fifoQueue, undefined);
  });
});
