import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  Bucket,
  Cache,
  Database,
  type Network,
  type RequestLogsTarget,
  type Tags,
} from "../components";
import { databasePermissions } from "../components/database/permissions";
import { named } from "../components/shared/tags";
import { partOf, type EnvironmentNames } from "../contract/names";
import type { EnvironmentConfig } from "./config";
import { reaching, usedVariable } from "./config/uses";
import { mapped } from "./mapped";
import { nothing, together, type Taken } from "./resources/taken";

/** By service: what it gets with the things that it uses, which is where they are, and how it gets in. */
export type Used = Readonly<Record<string, Taken>>;

export interface DataContext {
  readonly config: EnvironmentConfig;
  /** The key of what it makes. Without it, AWS's own. */
  readonly keyArn?: pulumi.Input<string>;
  /** Where requests to its buckets are logged. Without it, they are not. */
  readonly requestLogs?: RequestLogsTarget;
  readonly names: EnvironmentNames;
  readonly network: Network;
  readonly tags: Tags;
  readonly options: pulumi.ComponentResourceOptions;
}

/** What was made. */
export interface Data {
  readonly used: Used;
  /** Physical names of the buckets by those in config. */
  readonly bucketNames: Readonly<Record<string, pulumi.Output<string>>>;
  readonly caches: Readonly<Record<string, Cache>>;
  readonly databases: Readonly<Record<string, Database>>;
}

/** Something that services use. */
interface Thing {
  readonly taken: Partial<Taken>;
  /** By service: known once it is let in. */
  readonly rules?: Readonly<Record<string, pulumi.Output<string>>>;
}

type Clients = Readonly<Record<string, pulumi.Output<string>>>;
type Groups = Readonly<Record<string, aws.ec2.SecurityGroup>>;

/**
 * Makes what holds the services' data, before them. Where the environment is protected, Pulumi refuses to delete or replace
 * it, and where somebody takes that protection away, it stays in AWS all the same.
 */
export function createData(context: DataContext): Data {
  const { config } = context;
  const groups = clientGroups(context);
  const things: Record<string, Thing> = {};
  const bucketNames: Record<string, pulumi.Output<string>> = {};
  for (const [name, bucket] of Object.entries(config.buckets)) {
    const { bucketName, permissions } = createBucket(name, bucket, context);
    bucketNames[name] = bucketName;
    const environment = { [usedVariable(name, "BUCKET")]: bucketName };
    things[name] = { taken: { environment, permissions } };
  }
  const caches = mapped(config.caches, (cache, name) =>
    createCache(name, cache, clientsOf(name, config, groups), context),
  );
  const databases = mapped(config.databases, (database, name) =>
    createDatabase(name, database, clientsOf(name, config, groups), context),
  );
  Object.assign(things, mapped(caches, usedCache), mapped(databases, usedDatabase(context)));
  const used = Object.entries(config.services).map(([service, { uses }]) => {
    const own = uses.map((name) => things[name]);
    return [service, usedBy(service, own, groups)] as const;
  });
  return { used: Object.fromEntries(used), bucketNames, caches, databases };
}

/** A task's own group is made with its service; what it connects to must let it in before. */
function clientGroups({ config, names, network, tags, options }: DataContext): Groups {
  const reaches = reaching(config);
  const clients = Object.entries(config.services).filter(([, service]) => reaches(service));
  return Object.fromEntries(
    clients.map(([service]) => {
      const name = `${names.service(service)}-clients`;
      const args = { vpcId: network.vpcId, description: `What ${service} uses lets it in` };
      return [
        service,
        new aws.ec2.SecurityGroup(name, { ...args, tags: named(name, tags) }, options),
      ];
    }),
  );
}

function clientsOf(name: string, { services }: EnvironmentConfig, groups: Groups) {
  return Object.fromEntries(
    Object.entries(services).flatMap(([service, { uses }]) =>
      uses.includes(name) ? [[service, groups[service].id] as const] : [],
    ),
  );
}

/** The group is known once everything lets it in, so that no task starts before. */
function usedBy(service: string, things: readonly Thing[], groups: Groups): Taken {
  const all = things.reduce<Taken>(
    (before, { taken }) => together(before, { ...nothing, ...taken }),
    nothing,
  );
  if (!Object.hasOwn(groups, service)) return all;
  const rules = things.flatMap((thing) => (thing.rules ? [thing.rules[service]] : []));
  const group = pulumi.all([groups[service].id, ...rules]).apply(([id]) => id);
  return { ...all, securityGroupIds: [group] };
}

/** How what holds data outlives its place in config, and what encrypts it. */
function held({ config, keyArn }: DataContext) {
  return { retain: config.protection, keyArn };
}

function kept({ config, options }: DataContext): pulumi.ComponentResourceOptions {
  return { ...options, protect: config.protection };
}

function createBucket(
  name: string,
  bucket: EnvironmentConfig["buckets"][string],
  context: DataContext,
): Bucket {
  const { config, requestLogs, names, tags } = context;
  const eventBridge = Object.values(config.services).some(({ subscribes }) =>
    Object.values(subscribes).some((each) => "bucket" in each && each.bucket === name),
  );
  const args = { ...bucket, ...held(context), requestLogs, eventBridge, tags };
  return new Bucket(partOf(names.prefix, name), args, kept(context));
}

function createCache(
  name: string,
  cache: EnvironmentConfig["caches"][string],
  clients: Clients,
  context: DataContext,
): Cache {
  const { names, network, tags } = context;
  return new Cache(
    partOf(names.prefix, name),
    { ...cache, network, clients, ...held(context), tags },
    kept(context),
  );
}

function usedCache(made: Cache, name: string): Thing {
  return {
    taken: {
      environment: {
        [usedVariable(name, "HOST")]: made.host,
        [usedVariable(name, "PORT")]: String(made.port),
      },
      secrets: { [usedVariable(name, "PASSWORD")]: made.passwordReference },
    },
    rules: made.clientRules,
  };
}

function createDatabase(
  name: string,
  database: EnvironmentConfig["databases"][string],
  clients: Clients,
  context: DataContext,
): Database {
  const { names, network, tags } = context;
  return new Database(
    partOf(names.prefix, name),
    { ...database, network, clients, ...held(context), tags },
    kept(context),
  );
}

function usedDatabase({ keyArn }: DataContext) {
  return (made: Database, name: string): Thing => {
    const variable = (part: Parameters<typeof usedVariable>[1]) => usedVariable(name, part);
    return {
      taken: {
        environment: {
          [variable("HOST")]: made.host,
          [variable("PORT")]: String(made.port),
          [variable("NAME")]: made.databaseName,
          [variable("SECRET_ARN")]: made.secretArn,
        },
        secrets: {
          [variable("USERNAME")]: pulumi.interpolate`${made.secretArn}:username::`,
          [variable("PASSWORD")]: pulumi.interpolate`${made.secretArn}:password::`,
        },
        permissions: databasePermissions(made.secretArn, keyArn),
      },
      rules: made.clientRules,
    };
  };
}
