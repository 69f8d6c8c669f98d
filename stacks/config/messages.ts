import { z } from "zod";
import { bucketEvents } from "../../components/queue/faults";
import { isRecord } from "../../contract/record";
import { allowedName, nameFault } from "./environment";
import {
  choice,
  filledList,
  flag,
  list,
  reportFix,
  section,
  text,
  textOr,
  wholeNumber,
} from "./fields";
import { nearest } from "./nearest";
import { either } from "./own";

/** As long as fits a queue's name beside those of product, stack and service: SQS takes 80 characters. */
const longestTopic = 20;

/** The same in words. */
export function allowedTopic(): string {
  return `${allowedName}, at most ${longestTopic}`;
}

/** What is wrong with the name of a topic or queue. */
export function topicFault(given: string): string | undefined {
  return given.length > longestTopic
    ? `choose a name of at most ${longestTopic} characters`
    : nameFault(given);
}

/** The topics that a service publishes to: by name, or `{ name: orders, fifo: true }`. */
export function publishesSchema() {
  const name = text(allowedTopic(), topicFault);
  const topic = textOr(
    name.transform((given) => ({ name: given, fifo: false })),
    section({
      name,
      /** Whether messages keep their order. Default: no. */
      fifo: flag().default(false),
    }),
    "a name such as orders, or { name, fifo }",
  );
  return list(topic, "names of topics").superRefine((topics, context) => {
    topics.forEach(({ name: given }, index) => {
      if (topics.findIndex((each) => each.name === given) === index) return;
      context.addIssue({
        ...{ code: "custom", path: [index], message: "each topic once" },
        params: { fix: `remove one ${given}` },
      });
    });
  });
}

/** What a service has queues for: topics by their names, and events of buckets by names of their own. */
export function subscribesSchema() {
  return z.record(z.string(), either(isOfBucket, bucketSubscription(), topicSubscription()), {
    error: "queues by name, such as { orders: {} }",
  });
}

/** Whether it names a bucket, or was meant to. */
function isOfBucket(given: unknown): boolean {
  return isRecord(given) && Object.keys(given).some((key) => nearest(key, ["bucket"]));
}

function topicSubscription() {
  const shape = {
    /** The service that publishes it. Default: the one that does. */
    from: text("the name of a service", /\S/).optional(),
    /** Whether messages keep their order; the topic must be FIFO then. Default: as the topic. */
    fifo: flag().optional(),
    /** Which messages, as SNS's filter policies. Default: all. */
    filter: filterSchema().optional(),
    /** What the filter looks at. Default: `attributes`. */
    filterScope: choice(["attributes", "body"]).default("attributes"),
    ...queueShape(),
  };
  return section(shape, { events: "bucket", prefix: "bucket", suffix: "bucket" });
}

function bucketSubscription() {
  const shape = {
    /** A name below `gantry:buckets`. */
    bucket: text("a name below gantry:buckets", /\S/),
    /** What happens to objects. Default: `[created]`. */
    events: filledList(choice(bucketEvents), bucketEvents.join(" and "))
      .superRefine((given, context) => {
        if (new Set(given).size === given.length) return;
        reportFix(context, "each event once", `write [${[...new Set(given)].join(", ")}]`);
      })
      .default(["created"]),
    /** What the keys of objects begin with. Default: anything. */
    prefix: partOfKey("the beginning of keys, such as incoming/").optional(),
    /** What they end with. Default: anything. */
    suffix: partOfKey("the end of keys, such as .csv").optional(),
    ...queueShape(),
  };
  const ofTopic = "it without bucket";
  const filter = "prefix or suffix";
  return section(shape, { from: ofTopic, fifo: ofTopic, filter, filterScope: filter });
}

/** Keys are compared as they are: a star would be one of the key. */
function partOfKey(allowed: string) {
  return text(allowed, (given) =>
    given === ""
      ? "remove it for all keys"
      : given.includes("*")
        ? "write it without *, which would be a character of the key"
        : undefined,
  );
}

function queueShape() {
  return {
    /** How often a message is received before it goes to the dead-letter queue. Default: 5. */
    deadLetterAfter: wholeNumber(1, 1000).default(5),
    /** Seconds for which a message that was received is hidden from others. Default: 30. */
    visibilityTimeoutSeconds: wholeNumber(0, 43_200).default(30),
    /** Days that a message waits at most. Default: 4. */
    retentionDays: wholeNumber(1, 14).default(4),
  };
}

const allowedFilter = "lists of values by key, such as { event: [placed, paid] }";

function filterSchema() {
  return z
    .record(z.string(), z.unknown(), { error: allowedFilter })
    .superRefine((filter, context) => {
      if (isFilter(filter)) return;
      reportFix(context, allowedFilter, "write each key's values as a list that has some");
    });
}

/** Whether every key leads to a list that has something; of a body, keys lead further down. */
function isFilter(filter: Readonly<Record<string, unknown>>): boolean {
  const values = Object.values(filter);
  return (
    values.length > 0 &&
    values.every((value) =>
      Array.isArray(value) ? value.length > 0 : isRecord(value) && isFilter(value),
    )
  );
}
