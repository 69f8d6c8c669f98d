import assert from "node:assert/strict";
import { importCopilot } from "../../importers/copilot/import";
import { assertTrue, became, checked, inFolder } from "./support";

const shop = `name: shop
type: Load Balanced Web Service
image: { build: shop/Dockerfile, port: 8080 }
http: { path: / }
publish: { topics: [{ name: orders }, { name: stockLevels, fifo: { content_based_deduplication: true } }] }
`;

const mail = (subscribe: string) => `name: mail
type: Worker Service
image: { build: mail/Dockerfile }
subscribe:
${subscribe}
`;

function imported(subscribe: string) {
  const files = {
    "copilot/shop/manifest.yml": shop,
    "copilot/mail/manifest.yml": mail(subscribe),
  };
  const from = inFolder(files, (folder) => checked(importCopilot(folder)));
  assertTrue(from);
  const services = from.drafts[0].values().services as Record<string, Record<string, unknown>>;
  return { from, services };
}

describe("topics and queues of Copilot", () => {
  it("are published and subscribed to, each with a queue of its own", () => {
    const { from, services } = imported(`  topics:
    - { name: orders, service: shop, filter_policy: { event: [placed] } }
    - { name: stockLevels, service: shop, queue: { fifo: true, timeout: 1h } }
  queue: { retention: 100h, timeout: 30s, delay: 5s, dead_letter: { tries: 10 } }`);
    assert.deepEqual(services.shop.publishes, ["orders", { name: "stock-levels", fifo: true }]);
    assert.deepEqual(services.mail.subscribes, {
      orders: {
        ...{ from: "shop", filter: { event: ["placed"] }, visibilityTimeoutSeconds: 30 },
        ...{ retentionDays: 5, deadLetterAfter: 10 },
      },
      "stock-levels": { from: "shop", fifo: true, visibilityTimeoutSeconds: 3600 },
    });
    for (const [field, what] of [
      ["publish.topics[1].name", "5: other way"],
      ["subscribe.topics[0].filter_policy.event[0]", "6: other way"],
      ["subscribe.queue.dead_letter.tries", "8: other way"],
      ["subscribe.queue.delay", "8: lost"],
    ]) {
      assert.deepEqual(became(from, field), [what], field);
    }
  });

  it("are lost where nobody in the config publishes", () => {
    const { from, services } = imported("  topics: [{ name: orders, service: billing }]");
    assert.equal(services.mail.subscribes, undefined);
    assert.deepEqual(became(from, "subscribe.topics[0].name"), ["5: lost"]);
  });

  it("are lost where two topics have one name", () => {
    const { from, services } = imported(
      "  topics: [{ name: orders, service: shop }, { name: orders, service: billing }]",
    );
    assert.deepEqual(services.mail.subscribes, { orders: { from: "shop" } });
    assert.deepEqual(became(from, "subscribe.topics[1].service"), ["5: lost"]);
  });

  it("are lost where a queue is no topic's", () => {
    const { from } = imported("  queue: { timeout: 30s }");
    assert.deepEqual(became(from, "subscribe.queue.timeout"), ["5: lost"]);
  });

  it("start tasks by their backlog, from none on", () => {
    const { from, services } = imported(`  topics: [{ name: orders, service: shop }]
count:
  range: 0-5
  queue_delay: { acceptable_latency: 1m, msg_processing_time: 250ms }`);
    assert.deepEqual(services.mail.scaling, { max: 5, min: 0, messagesPerTask: 240 });
    assert.deepEqual(became(from, "count.queue_delay.acceptable_latency"), ["8: same"]);
    assert.deepEqual(became(from, "count.queue_delay.msg_processing_time"), ["8: other way"]);
  });
});
