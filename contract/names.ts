import { releaseCommandFamily } from "./taskFamilies";

/** What the names of an environment are made of. */
export interface EnvironmentKey {
  /** The product, as in `gantry:name`. */
  readonly name: string;
  /** The Pulumi stack. */
  readonly stack: string;
}

/** Physical names that another part must know without asking: the other environment, delivery, people. */
export interface EnvironmentNames {
  /** `<name>--<stack>`: what every name begins with, so that several products can share an account. */
  readonly prefix: string;
  readonly cluster: string;
  /** What the names of services end with in the VPC's DNS. */
  readonly domain: string;
  /** The SSM parameter that says which release runs: the pointer. */
  readonly releasePointer: string;
  /** The path directly above the pointer: reading by path makes an absent pointer an answer and not an error. */
  readonly releasePointerPath: string;
  /** The SSM parameter beside the pointer that is there as long as the environment sleeps: `pulumi up` reads it with the pointer. */
  readonly sleepMarker: string;
  readonly flowLogGroup: string;
  readonly execLogGroup: string;
  /** The trail of CloudTrail, whose name takes no two hyphens in a row. */
  readonly auditTrail: string;
  /** What tells why logs could not be exported. */
  readonly logExportGroup: string;
  /** The Firehose stream and Athena workgroup of exported logs. */
  readonly logExport: string;
  /** Their database in Glue's catalog, which takes no hyphens. */
  readonly logDatabase: string;
  readonly service: (service: string) => string;
  readonly taskFamily: (service: string) => string;
  /** Family of the task definitions of a service's release command. */
  readonly releaseCommandFamily: (service: string) => string;
  readonly repository: (service: string) => string;
  /** A secret of the team's own in Secrets Manager, where config names no other; in SSM with a slash before it. */
  readonly secret: (secret: string) => string;
  /** Something that the team makes itself; `release` would be a service's that is called `own`. */
  readonly own: (resource: string) => string;
  /** The repository of the build image, which no service's can be. */
  readonly builderRepository: string;
  /** The repository of images that people copied from elsewhere (`gantry mirror`), which no service's can be. */
  readonly mirrorRepository: string;
  /** A topic of the service that publishes it. */
  readonly topic: (service: string, topic: string) => string;
  /** The queue of a service for a topic. */
  readonly queue: (service: string, topic: string) => string;
  /** The queue of what no schedule could start, which no service's can be: those have two parts below the prefix. */
  readonly scheduleFailures: string;
  readonly logGroup: (service: string) => string;
  /** The topic that tells people, which no service publishes: those have two parts below the prefix. */
  readonly notifications: string;
  /** The CodePipeline pipeline. */
  readonly pipeline: string;
  /** The CodeBuild project of an action, such as `deploy` or `build-web`; its role has the same name. */
  readonly action: (action: string) => string;
  /** The state machine that has Deploy tried again, which no job's can be. */
  readonly deployRetry: string;
  /** The role that the environment before this one takes on to promote a release into it. */
  readonly receiveRole: string;
  /** The role that the environment after this one takes on to read the ledger: whether what is promoted still runs here. */
  readonly historyRole: string;
  /** Where promoted releases arrive; bucket names are unique in all of AWS. */
  readonly releaseBucket: (accountId: string, region: string) => string;
  /** The alias of the key of Pulumi's secrets that `gantry bootstrap` makes. */
  readonly stateKeyAlias: string;
  /** The DynamoDB table of deployments and their lock: the ledger. */
  readonly ledger: string;
  /** The secret with the pipeline's access token of a Pulumi service, where config names none. */
  readonly accessTokenSecret: string;
}

/** The object of a release bucket that holds the newest bundle; its earlier versions hold the earlier ones. */
export const releaseKey = "release.zip";

/**
 * The object that holds a stack's file where it is kept in a bucket: a ZIP file of that one file.
 * @param project the Pulumi project.
 */
export function configKey(project: string, stack: string): string {
  return `config/${project}/${stack}.zip`;
}

/** What begins the keys of installations: beside the artifacts, and in a release bucket beside the bundle. */
export const installationsPrefix = "installations";

/**
 * Between the parts of a name. Products, stacks and services have single hyphens alone, so that `shop` with
 * `eu-staging` and `shop-eu` with `staging` do not meet, and `<prefix>--*` is no other environment's.
 */
const separator = "--";

/** A part of an environment, by the environment's prefix: a service, an action. */
export function partOf(prefix: string, part: string): string {
  return `${prefix}${separator}${part}`;
}

/** The names of an environment: the same wherever they are asked for, and no other environment's. */
export function environmentNames({ name, stack }: EnvironmentKey): EnvironmentNames {
  const prefix = `${name}${separator}${stack}`;
  const part = (last: string) => partOf(prefix, last);
  const path = `/gantry/${name}/${stack}`;
  return {
    prefix,
    cluster: prefix,
    // Labels of their own: products and stacks have hyphens.
    domain: `${stack}.${name}.internal`,
    releasePointer: `${path}/release`,
    releasePointerPath: path,
    sleepMarker: `${path}/asleep`,
    flowLogGroup: `${path}/flow-logs`,
    execLogGroup: `${path}/exec`,
    auditTrail: `${name}.${stack}`,
    logExportGroup: `${path}/log-export`,
    logExport: part("logs"),
    logDatabase: prefix.replaceAll("-", "_"),
    service: part,
    taskFamily: part,
    releaseCommandFamily: (service) => releaseCommandFamily(part(service)),
    // ECR takes no two hyphens in a row.
    repository: (service) => `${name}/${stack}/${service}`,
    secret: (secret) => `${name}/${stack}/${secret}`,
    own: (resource) => part(`own${separator}${resource}`),
    builderRepository: `${name}/${stack}.builder`,
    mirrorRepository: `${name}/${stack}.mirror`,
    topic: (service, topic) => part(`${service}${separator}${topic}`),
    queue: (service, topic) => part(`${service}${separator}${topic}`),
    scheduleFailures: part("schedules-dead"),
    logGroup: (service) => `${path}/services/${service}`,
    notifications: part("notifications"),
    pipeline: prefix,
    action: part,
    deployRetry: part(`deploy${separator}retry`),
    receiveRole: part("receive"),
    historyRole: part("history"),
    releaseBucket: (accountId, region) => part(`releases-${accountId}-${region}`),
    stateKeyAlias: `alias/${part("pulumi")}`,
    ledger: part("deployments"),
    accessTokenSecret: `${path.slice(1)}/pulumi-access-token`,
  };
}

/** The bucket of Pulumi's state that `gantry bootstrap` makes: of a product, whose stacks share it. */
export function stateBucketName(name: string, accountId: string, region: string): string {
  return partOf(name, `state-${accountId}-${region}`);
}
