import assert from "node:assert/strict";
import { Topic } from "../../components";
import { record, valueOf } from "../support/record";

const topicArn = "arn:aws:sns:eu-west-1:123456789012:shop-orders";

describe("Topic", () => {
  it("is encrypted, and tells its ARN", async () => {
    const { one, value } = await record(() => new Topic("orders", { topicName: "shop-orders" }));
    assert.deepEqual(one("aws:sns/topic:Topic").inputs, {
      name: "shop-orders",
      kmsMasterKeyId: "alias/aws/sns",
    });
    assert.equal(await valueOf(value.topicArn), topicArn);
  });

  it("that is FIFO keeps the order, and takes equal messages for one", async () => {
    const { one } = await record(
      () => new Topic("orders", { topicName: "shop-orders", fifo: true }),
    );
    const { name, fifoTopic, contentBasedDeduplication } = one("aws:sns/topic:Topic").inputs;
    assert.deepEqual(
      [name, fifoTopic, contentBasedDeduplication],
      ["shop-orders.fifo", true, true],
    );
  });

  it("is published to by TLS alone", async () => {
    const { one } = await record(() => new Topic("orders", { topicName: "shop-orders" }));
    const { policy } = one("aws:sns/topicPolicy:TopicPolicy").inputs;
    assert.deepEqual(JSON.parse(String(policy)), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Resource: topicArn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });
});
