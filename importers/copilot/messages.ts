import { isRecord } from "../../contract/record";
import { queueVariable, topicVariable } from "../../contract/messageVariables";
import { plain } from "../../stacks/config/environment";
import { lost, otherWay, type Outcome } from "../outcome";
import { isLost, type At, type Table } from "../rules";
import { number, seconds } from "../values";

/** Topics that a service publishes to, and those that it has queues for. */
export const messagesTable: Table = {
  "publish.topics": publishes,
  "publish.topics.**": isLost("not a list of topics with names", "write publishes yourself"),
  "subscribe.topics.*": subscribes,
  "subscribe.queue.timeout": ofEach("visibilityTimeoutSeconds"),
  "subscribe.queue.retention": ofEach("retentionDays, in whole days"),
  "subscribe.queue.dead_letter.tries": ofEach("deadLetterAfter"),
  "subscribe.queue.delay": isLost("messages are received at once", "wait in the program"),
  "subscribe.queue.fifo.**": ofEach("fifo; equal messages within five minutes are one"),
  "subscribe.topics.*.**": isLost("no topic of a service", "write subscribes yourself"),
};

function publishes(at: At): Outcome | undefined {
  if (!Array.isArray(at.value)) return undefined;
  const topics = at.value.map((topic: unknown) => {
    if (!isRecord(topic) || typeof topic.name !== "string") return undefined;
    const name = plain(topic.name);
    return isFifo(topic.fifo) ? { name, fifo: true } : name;
  });
  if (topics.length === 0 || topics.includes(undefined)) return undefined;
  at.set(["publishes"], topics);
  const names = topics.map((topic) => (typeof topic === "string" ? topic : (topic?.name ?? "")));
  return otherWay(
    `publishes; the program finds ${names.map(topicVariable).join(", ")} in place of COPILOT_SNS_TOPIC_ARNS`,
  );
}

function subscribes(at: At): Outcome | undefined {
  const { value: topic } = at;
  if (!isRecord(topic) || typeof topic.name !== "string" || typeof topic.service !== "string") {
    return undefined;
  }
  const name = plain(topic.name);
  const path = ["services", at.service, "subscribes", name];
  if (at.draft.has(path)) {
    return lost(
      `another topic is called ${name}, too`,
      "publish it by another name, and subscribe to that",
    );
  }
  const shared = at.beside("subscribe", "queue");
  const queue = isRecord(topic.queue) ? topic.queue : isRecord(shared) ? shared : {};
  at.set(["subscribes", name], {
    from: plain(topic.service),
    ...(isRecord(topic.filter_policy) ? { filter: topic.filter_policy } : {}),
    ...queueOf(queue),
  });
  return otherWay(
    `subscribes; its queue is its own, which the program finds by ${queueVariable(name)} in place of COPILOT_QUEUE_URI`,
  );
}

function queueOf({ timeout, retention, dead_letter: dead, fifo }: Record<string, unknown>) {
  const kept = seconds(retention);
  return defined({
    fifo: isFifo(fifo) ? true : undefined,
    visibilityTimeoutSeconds: seconds(timeout),
    retentionDays: kept === undefined ? undefined : Math.max(1, Math.ceil(kept / 86_400)),
    deadLetterAfter: isRecord(dead) ? number(dead.tries) : undefined,
  });
}

function defined(values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function isFifo(given: unknown): boolean {
  return given === true || isRecord(given);
}

/** What all queues of a service have is said of each. */
function ofEach(how: string) {
  return ({ beside }: At): Outcome => {
    const topics = beside("subscribe", "topics");
    return Array.isArray(topics) && topics.length > 0
      ? otherWay(`each queue's own: ${how}`)
      : lost("a queue is a topic's", "publish a topic to it, or make the queue in resources.ts");
  };
}
