import type * as pulumi from "@pulumi/pulumi";
import { Queue, Topic, type BacklogArgs, type QueueArgs } from "../components";
import { messagePermissions } from "../components/queue/permissions";
import type { Tags } from "../components/shared/tags";
import { queueVariable, topicVariable } from "../contract/messageVariables";
import type { EnvironmentNames } from "../contract/names";
import type { EnvironmentConfig, ServiceConfig } from "./config";
import { publisherOf } from "./config/publishers";
import type { HostedServiceConfig, SubscriptionConfig } from "./config/types";
import { nothing, type Taken } from "./resources/taken";

/** What the services of an environment tell each other by. */
export interface Messages {
  /** By the service that publishes, and the topic's name. */
  readonly topics: Readonly<Record<string, Readonly<Record<string, Topic>>>>;
  /** By the service that subscribes, and the name of the subscription: a topic's, or its own where it is of a bucket. */
  readonly queues: Readonly<Record<string, Readonly<Record<string, Queue>>>>;
  /** The key of both. Without it, AWS's own. */
  readonly keyArn?: pulumi.Input<string>;
}

interface MessagesContext {
  readonly config: EnvironmentConfig;
  readonly keyArn?: pulumi.Input<string>;
  readonly names: EnvironmentNames;
  /** Physical names by those in config. */
  readonly bucketNames: Readonly<Record<string, pulumi.Output<string>>>;
  /** What alarms tell. Default: nobody. */
  readonly alarmActions?: readonly pulumi.Input<string>[];
  readonly tags: Tags;
  readonly options: pulumi.ComponentResourceOptions;
}

/** The topics that services publish, and a queue for each that subscribes: before any service, since services may answer each other. */
export function createMessages(context: MessagesContext): Messages {
  const { config, keyArn, names, tags, options } = context;
  const { protection } = config;
  const topics = byService(config, (name, { publishes }) =>
    publishes.map(({ name: topic, fifo }) => {
      const topicName = names.topic(name, topic);
      return [topic, new Topic(topicName, { topicName, fifo, keyArn, tags }, options)] as const;
    }),
  );
  const queues = byService(config, (name, { subscribes }) =>
    Object.entries(subscribes).map(([key, subscription]) => {
      const queueName = names.queue(name, key);
      const source = sourceOf(key, subscription, topics, context);
      const args = { queueName, ...source, keyArn, alarmActions: context.alarmActions, tags };
      return [key, new Queue(queueName, args, { ...options, protect: protection })] as const;
    }),
  );
  return { topics, queues, keyArn };
}

/** What fills a queue, and how the queue is. */
function sourceOf(
  key: string,
  subscription: SubscriptionConfig,
  topics: Messages["topics"],
  { bucketNames, config }: MessagesContext,
): Omit<QueueArgs, "queueName"> {
  if ("bucket" in subscription) {
    const { bucket, events, prefix, suffix, ...queue } = subscription;
    return { ...queue, bucket: { bucketName: bucketNames[bucket], events, prefix, suffix } };
  }
  const { from, fifo, filter, filterScope, ...queue } = subscription;
  const publisher = publisherOf(key, from, config.services);
  if (publisher === undefined) throw new Error(`${key} passed the check of config`);
  const { topicArn } = topics[publisher.service][key];
  return {
    ...{ fifo: fifo ?? publisher.fifo, ...queue },
    topic: { topicArn, filter, filterScope },
  };
}

function byService<T>(
  { services }: EnvironmentConfig,
  make: (name: string, service: ServiceConfig) => readonly (readonly [string, T])[],
): Record<string, Record<string, T>> {
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => [
      name,
      Object.fromEntries(make(name, service)),
    ]),
  );
}

/** What a service is told of its topics and queues, and may do with them. */
export function messagesOf(service: string, { topics, queues, keyArn }: Messages): Taken {
  const published = Object.entries(topics[service]);
  const received = Object.entries(queues[service]);
  const environment: Record<string, pulumi.Input<string>> = Object.fromEntries([
    ...published.map(([topic, { topicArn }]) => [topicVariable(topic), topicArn] as const),
    ...received.map(([topic, { queueUrl }]) => [queueVariable(topic), queueUrl] as const),
  ]);
  const permissions = messagePermissions(
    published.map(([, { topicArn }]) => topicArn),
    received.map(([, { queueArn }]) => queueArn),
    keyArn,
  );
  return { ...nothing, environment, permissions };
}

/** The queues by which a service scales; undefined where it does not. */
export function backlogOf(
  name: string,
  { scaling }: HostedServiceConfig,
  { queues }: Messages,
): BacklogArgs | undefined {
  if (scaling.messagesPerTask === undefined) return undefined;
  const queueNames = Object.values(queues[name]).map(({ queueName }) => queueName);
  return { perTask: scaling.messagesPerTask, queueNames };
}
