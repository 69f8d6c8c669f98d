import type * as pulumi from "@pulumi/pulumi";
import { Queue, Topic, type BacklogArgs } from "../components";
import { messagePermissions } from "../components/queue/permissions";
import type { Tags } from "../components/shared/tags";
import { queueVariable, topicVariable } from "../contract/messageVariables";
import type { EnvironmentNames } from "../contract/names";
import type { EnvironmentConfig, ServiceConfig } from "./config";
import { publisherOf } from "./config/publishers";
import type { HostedServiceConfig } from "./config/types";
import { nothing, type Taken } from "./resources/taken";

/** What the services of an environment tell each other by. */
export interface Messages {
  /** By the service that publishes, and the topic's name. */
  readonly topics: Readonly<Record<string, Readonly<Record<string, Topic>>>>;
  /** By the service that subscribes, and the topic's name. */
  readonly queues: Readonly<Record<string, Readonly<Record<string, Queue>>>>;
  /** The key of both. Without it, AWS's own. */
  readonly keyArn?: string;
}

interface MessagesContext {
  readonly config: EnvironmentConfig;
  readonly names: EnvironmentNames;
  readonly tags: Tags;
  readonly options: pulumi.ComponentResourceOptions;
}

/** The topics that services publish, and a queue for each that subscribes: before any service, since services may answer each other. */
export function createMessages({ config, names, tags, options }: MessagesContext): Messages {
  const { encryptionKeyArn: keyArn, protection, services } = config;
  const topics = byService(config, (name, { publishes }) =>
    publishes.map(({ name: topic, fifo }) => {
      const topicName = names.topic(name, topic);
      return [topic, new Topic(topicName, { topicName, fifo, keyArn, tags }, options)] as const;
    }),
  );
  const queues = byService(config, (name, { subscribes }) =>
    Object.entries(subscribes).map(([topic, { from, fifo, filter, filterScope, ...queue }]) => {
      const publisher = publisherOf(topic, from, services);
      if (publisher === undefined)
        throw new Error(`${topic} of ${name} passed the check of config`);
      const { topicArn } = topics[publisher.service][topic];
      const queueName = names.queue(name, topic);
      const args = {
        ...{ queueName, fifo: fifo ?? publisher.fifo, ...queue },
        ...{ topic: { topicArn, filter, filterScope }, keyArn, tags },
      };
      return [topic, new Queue(queueName, args, { ...options, protect: protection })] as const;
    }),
  );
  return { topics, queues, keyArn };
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
