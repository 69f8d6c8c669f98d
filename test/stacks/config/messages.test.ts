import assert from "node:assert/strict";
import { checkFaults, parse, type Values } from "./support";

const api: Values = {
  publishes: ["orders", "orders-dead", { name: "order-events", fifo: true }],
};
const services = (subscribes: unknown, more: Values = {}): Values => ({
  services: { api, jobs: { kind: "worker", subscribes, ...more } },
});

describe("topics and subscriptions", () => {
  it("have their defaults", () => {
    const config = parse(services({ orders: {} })).services;
    assert.deepEqual(config.api.publishes, [
      { name: "orders", fifo: false },
      { name: "orders-dead", fifo: false },
      { name: "order-events", fifo: true },
    ]);
    assert.deepEqual(config.jobs.subscribes.orders, {
      ...{ deadLetterAfter: 5, filterScope: "attributes" },
      ...{ visibilityTimeoutSeconds: 30, retentionDays: 4 },
    });
  });

  it("may be of a bucket's events", () => {
    const { services: made } = parse({
      ...services({ uploads: { bucket: "order-files" } }),
      buckets: { "order-files": {} },
    });
    assert.deepEqual(made.jobs.subscribes.uploads, {
      ...{ bucket: "order-files", events: ["created"] },
      ...{ deadLetterAfter: 5, visibilityTimeoutSeconds: 30, retentionDays: 4 },
    });
  });

  it("may be a service's own", () => {
    const web = { publishes: ["orders"], subscribes: { orders: { from: "web" } } };
    parse({ services: { web } });
  });

  checkFaults("gantry:services", (value) => ({ services: value }), [
    [
      "a topic has no name that it can have",
      { web: { publishes: ["Order Events"] } },
      "web.publishes[0]",
      "write order-events",
    ],
    [
      "a topic's name is too long",
      { web: { publishes: ["a".repeat(21)] } },
      "web.publishes[0]",
      "choose a name of at most 20 characters",
    ],
    [
      "a topic is there twice",
      { web: { publishes: ["orders", "orders"] } },
      "web.publishes[1]",
      "remove one orders",
    ],
    [
      "its variable is somebody's already",
      { web: { publishes: ["orders"], environment: { ORDERS_TOPIC_ARN: "x" } } },
      "web.environment.ORDERS_TOPIC_ARN",
      "remove ORDERS_TOPIC_ARN, or give orders another name",
    ],
  ]);

  checkFaults("gantry:services.jobs.subscribes", services, [
    [
      "nobody publishes the topic",
      { payments: {} },
      "payments",
      "add publishes: [payments] to the service that does, set bucket for the events of one, or remove payments",
    ],
    ["a topic has no name that it can have", { Orders_X: {} }, "Orders_X", "write orders-x"],
    [
      "a queue has the name of another one's dead letters",
      { orders: {}, "orders-dead": { from: "api" } },
      "orders-dead",
      "give orders-dead or orders another name",
    ],
    [
      "another service publishes the topic",
      { orders: { from: "web" } },
      "orders.from",
      "set from: api",
    ],
    [
      "the topic keeps no order",
      { orders: { fifo: true } },
      "orders.fifo",
      "remove fifo, or publish { name: orders, fifo: true }",
    ],
    [
      "a filter has a value and no list",
      { orders: { filter: { event: "placed" } } },
      "orders.filter",
      "write each key's values as a list that has some",
    ],
    [
      "a filter of attributes has keys below a key",
      { orders: { filter: { order: { state: ["placed"] } } } },
      "orders.filter",
      "set filterScope: body, or write lists",
    ],
    [
      "a filter has more keys than SNS takes",
      { orders: { filter: Object.fromEntries([..."abcdef"].map((key) => [key, ["x"]])) } },
      "orders.filter",
      "filter by fewer keys, or make one key of several",
    ],
    [
      "a filter has more combinations of values than SNS takes",
      {
        orders: {
          filterScope: "body",
          filter: { a: { b: [..."abcdefghijklm"] }, c: [..."abcdefghijkl"] },
        },
      },
      "orders.filter",
      "name fewer values, such as by { prefix: ... } or { anything-but: [...] }",
    ],
    [
      "a topic has what a bucket has",
      { orders: { prefix: "in/" } },
      "orders.prefix",
      "remove prefix, or set bucket",
    ],
    [
      "a message is never received",
      { orders: { deadLetterAfter: 0 } },
      "orders.deadLetterAfter",
      "set deadLetterAfter: 1",
    ],
  ]);

  checkFaults(
    "gantry:services.jobs",
    (jobs) => ({
      services: { jobs: { kind: "worker", ...jobs } },
      buckets: { files: {} },
    }),
    [
      [
        "there is no such bucket",
        { subscribes: { imports: { bucket: "file" } } },
        "subscribes.imports.bucket",
        "write files",
      ],
      [
        "there is none of a name like it",
        { subscribes: { imports: { bucket: "uploads" } } },
        "subscribes.imports.bucket",
        "add uploads below gantry:buckets",
      ],
      [
        "the word for a bucket is misspelt",
        { subscribes: { imports: { buckets: "files", prefix: "in/" } } },
        "subscribes.imports.buckets",
        "did you mean bucket?",
      ],
      [
        "subscriptions are a list",
        { subscribes: ["orders"] },
        "subscribes",
        "write queues by name, such as { orders: {} }",
      ],
      [
        "a bucket has no name",
        { subscribes: { imports: { bucket: null } } },
        "subscribes.imports.bucket",
        "give bucket a value, or remove it",
      ],
      [
        "its queue has the name of another one's dead letters",
        { subscribes: { imports: { bucket: "files" }, "imports-dead": { bucket: "files" } } },
        "subscribes.imports-dead",
        "give imports-dead or imports another name",
      ],
      [
        "keys begin and end with more than a key has",
        {
          subscribes: {
            imports: { bucket: "files", prefix: "ä".repeat(400), suffix: "a".repeat(225) },
          },
        },
        "subscribes.imports.prefix",
        "write a shorter one",
      ],
      [
        "keys begin with more than an event's pattern takes",
        { subscribes: { imports: { bucket: "files", prefix: '"'.repeat(1000) } } },
        "subscribes.imports.prefix",
        "write a shorter one",
      ],
      [
        "the queue of a bucket has no name that it can have",
        { subscribes: { "New Files": { bucket: "files" } } },
        'subscribes["New Files"]',
        "write new-files",
      ],
      [
        "an event is asked for twice",
        { subscribes: { imports: { bucket: "files", events: ["deleted", "deleted"] } } },
        "subscribes.imports.events",
        "write [deleted]",
      ],
      [
        "no event is asked for",
        { subscribes: { imports: { bucket: "files", events: [] } } },
        "subscribes.imports.events",
        "name one, or remove the key",
      ],
      [
        "there is no such event",
        { subscribes: { imports: { bucket: "files", events: ["create"] } } },
        "subscribes.imports.events[0]",
        "write created in events",
      ],
      [
        "a part of keys has a star",
        { subscribes: { imports: { bucket: "files", suffix: "*.csv" } } },
        "subscribes.imports.suffix",
        "write it without *, which would be a character of the key",
      ],
      [
        "a part of keys is empty",
        { subscribes: { imports: { bucket: "files", prefix: "" } } },
        "subscribes.imports.prefix",
        "remove it for all keys",
      ],
      [
        "a bucket has what a topic has",
        { subscribes: { imports: { bucket: "files", filter: { key: ["a"] } } } },
        "subscribes.imports.filter",
        "remove filter, or set prefix or suffix",
      ],
      [
        "its variable is somebody's already",
        { subscribes: { imports: { bucket: "files" } }, environment: { IMPORTS_QUEUE_URL: "x" } },
        "environment.IMPORTS_QUEUE_URL",
        "remove IMPORTS_QUEUE_URL, or give imports another name",
      ],
    ],
  );

  checkFaults(
    "gantry:services.jobs.subscribes.orders",
    (orders) => ({
      services: {
        ...{ api, shop: { publishes: ["orders"], route: { paths: ["/shop"] } } },
        jobs: { kind: "worker", subscribes: { orders } },
      },
    }),
    [["two services publish the topic", {}, "", "set from: api"]],
  );
});
