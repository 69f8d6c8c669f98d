import assert from "node:assert/strict";
import { Queue, type QueueArgs, type QueueBucketArgs } from "../../components";
import { parsed, record, valueOf } from "../support/record";

const topicArn = "arn:aws:sns:eu-west-1:123456789012:shop-orders";
const arnOf = (name: string) => `arn:aws:sqs:eu-west-1:123456789012:${name}`;
const types = {
  queue: "aws:sqs/queue:Queue",
  policy: "aws:sqs/queuePolicy:QueuePolicy",
  subscription: "aws:sns/topicSubscription:TopicSubscription",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  rule: "aws:cloudwatch/eventRule:EventRule",
  target: "aws:cloudwatch/eventTarget:EventTarget",
};

function queue(more: Partial<QueueArgs> = {}, protect = false) {
  return record(() => new Queue("orders", { queueName: "shop-orders", ...more }, { protect }));
}

const refusesPlain = (name: string) => ({
  Effect: "Deny",
  Principal: "*",
  Action: "sqs:*",
  Resource: arnOf(name),
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

describe("Queue", () => {
  it("has a dead-letter queue, both encrypted", async () => {
    const { all, value } = await queue();
    const [dead, main] = all(types.queue).map(({ inputs }) => inputs);
    assert.deepEqual(dead, {
      name: "shop-orders-dead",
      sqsManagedSseEnabled: true,
      visibilityTimeoutSeconds: 30,
      messageRetentionSeconds: 1_209_600,
    });
    assert.deepEqual(
      { ...main, redrivePolicy: JSON.parse(String(main.redrivePolicy)) as unknown },
      {
        name: "shop-orders",
        sqsManagedSseEnabled: true,
        visibilityTimeoutSeconds: 30,
        messageRetentionSeconds: 345_600,
        redrivePolicy: { deadLetterTargetArn: arnOf("shop-orders-dead"), maxReceiveCount: 5 },
      },
    );
    assert.equal(
      await valueOf(value.queueUrl),
      "https://sqs.eu-west-1.amazonaws.com/123456789012/shop-orders",
    );
    assert.equal(await valueOf(value.deadLetterQueueArn), arnOf("shop-orders-dead"));
  });

  it("that is FIFO has one that is, too", async () => {
    const { all } = await queue({ fifo: true });
    assert.deepEqual(
      all(types.queue).map(({ inputs }) => [inputs.name, inputs.fifoQueue]),
      [
        ["shop-orders-dead.fifo", true],
        ["shop-orders.fifo", true],
      ],
    );
  });

  it("takes of its topic what the filter says", async () => {
    const filter = { event: ["placed"] };
    const { one } = await queue({ topic: { topicArn, filter, filterScope: "body" } });
    assert.deepEqual(one(types.subscription).inputs, {
      topic: topicArn,
      protocol: "sqs",
      endpoint: arnOf("shop-orders"),
      filterPolicy: '{"event":["placed"]}',
      filterPolicyScope: "MessageBody",
    });
  });

  it("is sent to by its topic alone, and by TLS", async () => {
    const { all } = await queue({ topic: { topicArn } });
    const statements = all(types.policy).map(
      ({ inputs }) => (JSON.parse(String(inputs.policy)) as { Statement: unknown[] }).Statement,
    );
    assert.deepEqual(statements, [
      [refusesPlain("shop-orders-dead")],
      [
        refusesPlain("shop-orders"),
        {
          Effect: "Allow",
          Principal: { Service: "sns.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: arnOf("shop-orders"),
          Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
        },
      ],
    ]);
  });

  describe("of a bucket", () => {
    const bucketName = "acme-uploads";
    const patternsOf = async (more: Partial<QueueBucketArgs>) => {
      const { all } = await queue({ bucket: { bucketName, ...more } });
      return all(types.rule).map((rule) => parsed(rule, "eventPattern"));
    };
    const created = (detail: object = {}) => ({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: [bucketName] }, ...detail },
    });
    const ofKey = (filter: object) => created({ object: { key: [filter] } });

    it("takes what is created", async () => {
      assert.deepEqual(await patternsOf({}), [created()]);
    });

    it("takes what is deleted, and no version that ends long after its object", async () => {
      assert.deepEqual(await patternsOf({ events: ["created", "deleted"], suffix: ".csv" }), [
        ofKey({ suffix: ".csv" }),
        {
          source: ["aws.s3"],
          "detail-type": ["Object Deleted"],
          detail: {
            bucket: { name: [bucketName] },
            object: { key: [{ suffix: ".csv" }] },
            "deletion-type": ["Delete Marker Created"],
          },
        },
      ]);
    });

    it("takes objects by how their keys begin and end, whatever characters these have", async () => {
      assert.deepEqual(await patternsOf({ prefix: "in/" }), [ofKey({ prefix: "in/" })]);
      assert.deepEqual(await patternsOf({ prefix: "in*/", suffix: "\\.csv" }), [
        ofKey({ wildcard: "in\\*/*\\\\.csv" }),
      ]);
    });

    it("is sent to by its rules alone", async () => {
      const events = ["created", "deleted"] as const;
      const { all } = await queue({ bucket: { bucketName, events } });
      const arns = all(types.rule).map(
        ({ name }) => `arn:aws:events:eu-west-1:123456789012:rule/${name}-1a2b3c4`,
      );
      assert.deepEqual(
        all(types.target).map(({ inputs }) => inputs.arn),
        [arnOf("shop-orders"), arnOf("shop-orders")],
      );
      const statements = all(types.policy).map((each) =>
        parsed<{ Statement: unknown[] }>(each, "policy").Statement.slice(1),
      );
      assert.deepEqual(statements, [
        [],
        [
          {
            Effect: "Allow",
            Principal: { Service: "events.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: arnOf("shop-orders"),
            Condition: { ArnEquals: { "aws:SourceArn": arns } },
          },
        ],
      ]);
    });

    it("has rules whose names are as long as EventBridge takes", async () => {
      const long = "shop--staging--imports--of-suppliers-and-others-too";
      const { all } = await record(
        () => new Queue(long, { queueName: long, bucket: { bucketName, events: ["deleted"] } }),
      );
      const [{ name }] = all(types.rule);
      assert.ok(name.length === 56, name);
    });
  });

  it("tells of dead letters", async () => {
    const alarmActions = ["arn:aws:sns:eu-west-1:123456789012:alarms"];
    const { inputs } = (await queue({ alarmActions })).one(types.alarm);
    const { alarmDescription, ...rest } = inputs;
    assert.match(String(alarmDescription), /nobody could process/);
    assert.deepEqual(rest, {
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "shop-orders-dead" },
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      treatMissingData: "notBreaching",
      alarmActions,
    });
  });

  it("protects what holds messages, and nothing else", async () => {
    const { resources } = await queue({ topic: { topicArn } }, true);
    const kept = resources.filter(({ options }) => options.protect).map(({ name }) => name);
    assert.deepEqual(kept, ["orders-dead", "orders"]);
  });

  for (const [title, more, message] of [
    ["its name is too long", { queueName: "x".repeat(71) }, /Queue queueName: .* at most 70/],
    ["its name ends as FIFO's", { queueName: "orders.fifo" }, /Queue queueName: .*without \.fifo/],
    [
      "a message is never received",
      { deadLetterAfter: 0 },
      /deadLetterAfter: given 0; .*1 to 1000/,
    ],
    ["it keeps longer than SQS does", { retentionDays: 15 }, /retentionDays: given 15; .*1 to 14/],
    [
      "it is of a topic and a bucket",
      { topic: { topicArn }, bucket: { bucketName: "acme-uploads" } },
      /Queue topic: .*one of topic and bucket/,
    ],
    [
      "it keeps the order of a bucket's events",
      { fifo: true, bucket: { bucketName: "acme-uploads" } },
      /Queue fifo: .*remove fifo/,
    ],
    [
      "nothing of a bucket is asked for",
      { bucket: { bucketName: "acme-uploads", events: [], prefix: "", suffix: "" } },
      /bucket\.events: given \[\].*\n.*bucket\.prefix.*\n.*bucket\.suffix/,
    ],
    [
      "keys begin with more than a key has",
      { bucket: { bucketName: "acme-uploads", prefix: "ä".repeat(513) } },
      /Queue bucket: given "?1026 bytes.*1024 bytes together/,
    ],
    [
      "keys begin with what a pattern takes several characters for",
      { bucket: { bucketName: "acme-uploads", prefix: '"'.repeat(1000) } },
      /Queue bucket: given "?21\d\d characters.*EventBridge's pattern of 2048 characters/,
    ],
    ["it hides for too long", { visibilityTimeoutSeconds: 43_201 }, /0 to 43200/],
  ] as const) {
    it(`fails when ${title}`, async () => {
      await assert.rejects(queue(more), message);
    });
  }
});
