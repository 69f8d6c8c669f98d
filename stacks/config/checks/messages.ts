import { patternCharacters } from "../../../components/queue/bucketPattern";
import { keyBytes, mostKeyBytes } from "../../../components/queue/faults";
import { queueVariable, topicVariable } from "../../../contract/messageVariables";
import { isRecord } from "../../../contract/record";
import type { Check, Report } from "../checks";
import { plain } from "../environment";
import { oneOf } from "../fields";
import { quote } from "../given";
import { cited, limits } from "../limits";
import { allowedTopic, topicFault } from "../messages";
import { nearest } from "../nearest";
import { isToldElsewhere } from "../properNames";
import { publisherOf, publishersOf } from "../publishers";
import type {
  BucketSubscriptionConfig,
  EnvironmentConfig,
  ServiceConfig,
  TopicSubscriptionConfig,
} from "../types";
import { setItself } from "./variableNames";

/** Every queue has its topic or bucket, and no variable has two meanings. */
export const checkMessages: Check = (config, report) => {
  for (const [name, service] of Object.entries(config.services)) {
    for (const [key, subscription] of Object.entries(service.subscribes)) {
      const path = ["services", name, "subscribes", key];
      const fault = topicFault(key);
      if (fault !== undefined) {
        const meant = plain(key);
        const isThere = meant !== key && Object.hasOwn(service.subscribes, meant);
        const fix = isThere ? `remove it: ${meant} is there as well` : fault;
        report({ path, given: quote(key), allowed: allowedTopic(), fix });
      }
      if ("bucket" in subscription) {
        checkBucket(subscription, path, config, report);
      } else if (fault === undefined) {
        checkTopic(subscription, path, config, report);
      }
    }
    checkDeadLetters(name, service, report);
    checkVariables(name, service, report);
  }
};

function checkBucket(
  subscription: BucketSubscriptionConfig,
  path: string[],
  { buckets }: EnvironmentConfig,
  report: Report,
): void {
  const { bucket, events, prefix } = subscription;
  const part = [...path, prefix === undefined ? "suffix" : "prefix"];
  const bytes = keyBytes(subscription);
  const { eventPatternCharacters: limit } = limits;
  const characters = patternCharacters(events, subscription);
  if (bytes > mostKeyBytes) {
    report({
      path: part,
      given: `${bytes} bytes`,
      allowed: `prefix and suffix of ${mostKeyBytes} bytes together: keys of S3 have no more`,
      fix: "write a shorter one",
    });
  } else if (characters > limit.most) {
    report({
      path: part,
      given: `an event pattern of ${characters} characters, of which a quote or a backslash takes several`,
      allowed: `at most ${limit.most} ${cited(limit)}`,
      fix: "write a shorter one",
    });
  }
  const names = Object.keys(buckets);
  if (names.includes(bucket) || isToldElsewhere(bucket, names)) return;
  const meant = nearest(bucket, names);
  report({
    path: [...path, "bucket"],
    allowed: oneOf(names) || "none: config has no gantry:buckets",
    fix: meant ? `write ${meant}` : `add ${bucket} below gantry:buckets`,
    reads: [["buckets", bucket]],
  });
}

function checkTopic(
  { from, fifo, filter, filterScope }: TopicSubscriptionConfig,
  path: string[],
  { services }: EnvironmentConfig,
  report: Report,
): void {
  const [topic] = path.slice(-1);
  const publishers = publishersOf(topic, services);
  const published = publisherOf(topic, from, services);
  if (published === undefined) {
    if (from !== undefined && isToldElsewhere(from, Object.keys(services))) return;
    const [some] = publishers;
    report({
      path: from === undefined ? path : [...path, "from"],
      given: from ?? topic,
      allowed:
        publishers.length > 0
          ? `from: ${oneOf(publishers)}, which publish${publishers.length > 1 ? "" : "es"} ${topic}`
          : `a topic that a service publishes`,
      fix:
        some === undefined
          ? `add publishes: [${topic}] to the service that does, set bucket for the events of one, or remove ${topic}`
          : `set from: ${some}`,
      // Of a bucket that is named wrong.
      reads: [[...path, "bucket"]],
    });
    return;
  }
  if (fifo === true && !published.fifo) {
    report({
      path: [...path, "fifo"],
      allowed: `false: the topic ${topic} of ${published.service} keeps no order`,
      fix: `remove fifo, or publish { name: ${topic}, fifo: true }`,
    });
  }
  if (filter === undefined) return;
  checkFilterSize(filter, path, report);
  if (filterScope === "body") return;
  if (Object.values(filter).every((value) => Array.isArray(value))) return;
  report({
    path: [...path, "filter"],
    given: "keys below a key",
    allowed: "lists of values by attribute: attributes have no parts",
    fix: "set filterScope: body, or write lists",
    reads: [[...path, "filterScope"]],
  });
}

function checkFilterSize(
  filter: NonNullable<TopicSubscriptionConfig["filter"]>,
  path: string[],
  report: Report,
): void {
  const { filterKeys, filterCombinations } = limits;
  const keys = Object.keys(filter).length;
  const combinations = combinationsOf(filter);
  if (keys > filterKeys.most) {
    report({
      path: [...path, "filter"],
      given: `${keys} keys`,
      allowed: `at most ${filterKeys.most} ${cited(filterKeys)}`,
      fix: "filter by fewer keys, or make one key of several",
    });
  } else if (combinations > filterCombinations.most) {
    report({
      path: [...path, "filter"],
      given: `${combinations} combinations of values`,
      allowed: `at most ${filterCombinations.most}: the numbers of values of all keys, multiplied ${cited(filterCombinations)}`,
      fix: "name fewer values, such as by { prefix: ... } or { anything-but: [...] }",
    });
  }
}

function combinationsOf(filter: object): number {
  return Object.values(filter)
    .map((value: unknown) =>
      Array.isArray(value) ? value.length : isRecord(value) ? combinationsOf(value) : 1,
    )
    .reduce((product, count) => product * count, 1);
}

/** The queue of dead letters has the name of its queue, and `-dead` behind it. */
function checkDeadLetters(name: string, { subscribes }: ServiceConfig, report: Report): void {
  for (const key of Object.keys(subscribes)) {
    const dead = `${key}-dead`;
    if (!Object.hasOwn(subscribes, dead)) continue;
    report({
      path: ["services", name, "subscribes", dead],
      given: quote(dead),
      allowed: `another name: the queue for dead letters of ${key} is called so`,
      fix: `give ${dead} or ${key} another name`,
    });
  }
}

function checkVariables(name: string, service: ServiceConfig, report: Report): void {
  const ours = new Map([
    ...service.publishes.map((topic) => [topicVariable(topic.name), topic.name] as const),
    ...Object.keys(service.subscribes).map((topic) => [queueVariable(topic), topic] as const),
  ]);
  for (const [field, variable] of setItself(service, [...ours.keys()])) {
    report({
      path: ["services", name, field, variable],
      given: "something else",
      allowed: `nothing: the service is told of ${ours.get(variable)} by it`,
      fix: `remove ${variable}, or give ${ours.get(variable)} another name`,
    });
  }
}
