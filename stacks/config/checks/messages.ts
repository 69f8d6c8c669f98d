import { queueVariable, topicVariable } from "../../../contract/messageVariables";
import type { Check, Report } from "../checks";
import { oneOf } from "../fields";
import { quote } from "../given";
import { allowedTopic, topicFault } from "../messages";
import { nearest } from "../nearest";
import { publisherOf, publishersOf } from "../publishers";
import type { EnvironmentConfig, ServiceConfig, TopicSubscriptionConfig } from "../types";
import { setItself } from "./variableNames";

/** Every queue has its topic or bucket, and no variable has two meanings. */
export const checkMessages: Check = (config, report) => {
  for (const [name, service] of Object.entries(config.services)) {
    for (const [key, subscription] of Object.entries(service.subscribes)) {
      const path = ["services", name, "subscribes", key];
      if ("bucket" in subscription) {
        checkBucket(subscription.bucket, path, config, report);
      } else {
        checkTopic(subscription, path, config, report);
      }
    }
    checkVariables(name, service, report);
  }
};

function checkBucket(
  bucket: string,
  path: string[],
  { buckets }: EnvironmentConfig,
  report: Report,
): void {
  const [name] = path.slice(-1);
  const fault = topicFault(name);
  if (fault !== undefined) {
    report({ path, given: quote(name), allowed: allowedTopic(), fix: fault });
  }
  if (Object.hasOwn(buckets, bucket)) return;
  const meant = nearest(bucket, Object.keys(buckets));
  report({
    path: [...path, "bucket"],
    allowed: oneOf(Object.keys(buckets)) || "none: config has no gantry:buckets",
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
  if (filter === undefined || filterScope === "body") return;
  if (Object.values(filter).every((value) => Array.isArray(value))) return;
  report({
    path: [...path, "filter"],
    given: "keys below a key",
    allowed: "lists of values by attribute: attributes have no parts",
    fix: "set filterScope: body, or write lists",
    reads: [[...path, "filterScope"]],
  });
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
