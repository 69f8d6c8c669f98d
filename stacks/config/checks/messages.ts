import { queueVariable, topicVariable } from "../../../contract/messageVariables";
import type { Check, Report } from "../checks";
import { oneOf } from "../fields";
import { publisherOf, publishersOf } from "../publishers";
import type { ServiceConfig, ServicesConfig } from "../types";
import { setItself } from "./variableNames";

/** Every queue has its topic, and no variable has two meanings. */
export const checkMessages: Check = ({ services }, report) => {
  for (const [name, service] of Object.entries(services)) {
    for (const topic of Object.keys(service.subscribes)) {
      checkSubscription(name, topic, services, report);
    }
    checkVariables(name, service, report);
  }
};

function checkSubscription(
  name: string,
  topic: string,
  services: ServicesConfig,
  report: Report,
): void {
  const path = ["services", name, "subscribes", topic];
  const { from, fifo, filter, filterScope } = services[name].subscribes[topic];
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
          ? `add publishes: [${topic}] to the service that does, or remove ${topic}`
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
      fix: `remove ${variable}, or give the topic another name`,
    });
  }
}
