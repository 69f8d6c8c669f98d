import { bucketPermissions } from "../../components/bucket/permissions";
import { databasePermissions } from "../../components/database/permissions";
import { messagePermissions } from "../../components/queue/permissions";
import type { Permission } from "../../components/service/statements";
import { longestAccount } from "../../components/shared/account";
import { environmentNames, partOf } from "../../contract/names";
import { awsKeys } from "./encryptionKey";
import { publisherOf } from "./publishers";
import type { EnvironmentConfig } from "./types";
import { usable, usedVariable, type Usable } from "./uses";

/** What a service gets with what it uses, and with its topics and queues: each ARN at its longest. */
interface MeasuredAccess {
  readonly permissions: readonly Permission[];
  readonly secrets: Readonly<Record<string, string>>;
}

const { partition } = longestAccount;
/** S3 takes 63 characters. */
const anyBucket = `arn:${partition}:s3:::${"b".repeat(63)}`;
/** As RDS calls what it makes: a cluster's by the cluster's id. */
const databaseSecret = `rds!cluster-${"0".repeat(36)}`;
const version = "0".repeat(36);

/** Before anything is there, as the program will make it. */
export function measuredAccess(service: string, config: EnvironmentConfig): MeasuredAccess {
  const things = usable(config);
  const { prefix } = environmentNames(config);
  const all = config.services[service].uses.flatMap((name) =>
    (things.get(name) ?? []).map((section) => accessTo(section, name, prefix, measuredKey(config))),
  );
  return {
    permissions: [...all.flatMap(({ permissions }) => permissions), ...messages(service, config)],
    secrets: Object.assign({}, ...all.map(({ secrets }) => secrets)) as Record<string, string>,
  };
}

function accessTo(section: Usable, name: string, prefix: string, keyArn?: string): MeasuredAccess {
  switch (section) {
    case "buckets":
      return { permissions: bucketPermissions(anyBucket, keyArn), secrets: {} };
    case "caches": {
      const arn = secretArn(`${partOf(prefix, name)}-password-1a2b3c4`);
      const secrets = { [usedVariable(name, "PASSWORD")]: `${arn}:::${version}` };
      return { permissions: [], secrets };
    }
    case "databases": {
      const arn = secretArn(databaseSecret);
      const secrets = {
        [usedVariable(name, "USERNAME")]: `${arn}:username::`,
        [usedVariable(name, "PASSWORD")]: `${arn}:password::`,
      };
      return { permissions: databasePermissions(arn, keyArn), secrets };
    }
  }
}

function messages(name: string, config: EnvironmentConfig): Permission[] {
  const names = environmentNames(config);
  const { publishes, subscribes } = config.services[name];
  const suffix = (fifo: boolean) => (fifo ? ".fifo" : "");
  const topics = publishes.map((topic) => `${names.topic(name, topic.name)}${suffix(topic.fifo)}`);
  const queues = Object.entries(subscribes).map(([topic, subscription]) => {
    const queue = names.queue(name, topic);
    if ("bucket" in subscription) return queue;
    const { from, fifo } = subscription;
    const publisher = publisherOf(topic, from, config.services);
    return `${queue}${suffix(fifo ?? publisher?.fifo ?? false)}`;
  });
  return messagePermissions(
    topics.map((topic) => arn("sns", topic)),
    queues.map((queue) => arn("sqs", queue)),
    measuredKey(config),
  );
}

/** One that is made has an id of 36 characters, as all have. */
export function measuredKey({ encryptionKeyArn }: EnvironmentConfig): string | undefined {
  if (encryptionKeyArn === awsKeys) return undefined;
  return encryptionKeyArn ?? arn("kms", `key/${"0".repeat(36)}`);
}

function secretArn(name: string): string {
  return arn("secretsmanager", `secret:${name}-AbCdEf`);
}

function arn(service: string, resource: string): string {
  const { region, accountId } = longestAccount;
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}
