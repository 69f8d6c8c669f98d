import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { changeable } from "../shared/changeable";
import { autoNameSuffixLength, boundedName } from "../shared/naming";
import type { DatabaseArgs, ServerlessCapacity } from "./args";
import { engines, namesMinor, parameterFamily } from "./engine";

/** Where a database is, and what opens it. */
export interface Built {
  readonly resource: aws.rds.Cluster | aws.rds.Instance;
  /** By which its metrics are counted: of a cluster, or of an instance. */
  readonly identifier: pulumi.Output<string>;
  readonly host: pulumi.Output<string>;
  /** The secret of Secrets Manager that RDS made, with the keys `username` and `password`. */
  readonly secretArn: pulumi.Output<string>;
}

/** What both kinds are made with. */
export interface Ground {
  readonly subnetGroup: aws.rds.SubnetGroup;
  readonly securityGroupId: pulumi.Output<string>;
  readonly options: pulumi.CustomResourceOptions;
}

/** The user that owns everything; `admin` and `root` are words of the engines' own. */
const masterUsername = "app";

/** Names and identifiers have 63 characters at most. */
const longest = 63;

/** The provider puts a hyphen and 26 digits behind them, where Pulumi would put less: no names here are cut shorter. */
export const identifierLimit = longest - 27 + autoNameSuffixLength;

/** What AWS's identifier begins with, so that a replacement has another. */
function identifierPrefix(name: string): string {
  return `${boundedName(name, identifierLimit)}-`;
}

/** What RDS encrypts with another key in another database alone, and the data are in this one. */
const ofItsCreation = ["kmsKeyId", "masterUserSecretKmsKeyId"];

/** What both kinds say alike. */
function common(args: DatabaseArgs, { subnetGroup, securityGroupId }: Ground) {
  return {
    engineVersion: args.version,
    masterUsername,
    manageMasterUserPassword: true,
    port: engines[args.engine].port,
    dbSubnetGroupName: subnetGroup.name,
    vpcSecurityGroupIds: [securityGroupId],
    storageEncrypted: true,
    kmsKeyId: args.keyArn,
    masterUserSecretKmsKeyId: args.keyArn,
    // For users of the database that are given the role for it: whoever has a password keeps it.
    iamDatabaseAuthenticationEnabled: true,
    backupRetentionPeriod: args.backupDays ?? 7,
    copyTagsToSnapshot: true,
    deletionProtection: args.retain ?? false,
    skipFinalSnapshot: false,
    // AWS chose the group's name anew with the database: no other has had a snapshot of it.
    finalSnapshotIdentifier: subnetGroup.name.apply((name) => `${name}-final`),
    // Else a change would wait for the maintenance window, and show in each preview until then.
    applyImmediately: true,
    tags: args.tags,
  };
}

function tlsParameter({ engine, requireTls = true }: DatabaseArgs) {
  const { name, on, off } = engines[engine].requireTls;
  return { name, value: requireTls ? on : off };
}

/** Aurora Serverless v2: a cluster with one instance, or two. */
export function auroraCluster(
  name: string,
  args: DatabaseArgs,
  capacity: ServerlessCapacity,
  ground: Ground,
): Built {
  const { options } = ground;
  const engine = engines[args.engine].aurora;
  const { tags } = args;
  const parameters = new aws.rds.ClusterParameterGroup(
    boundedName(`${name}-parameters`, longest),
    {
      family: parameterFamily(args.engine, args.version, true),
      parameters: [tlsParameter(args)],
      tags,
    },
    options,
  );
  const { min, max, pauseAfterSeconds = 300 } = capacity;
  const cluster = new aws.rds.Cluster(
    name,
    {
      ...common(args, ground),
      engine,
      clusterIdentifierPrefix: identifierPrefix(name),
      databaseName: args.databaseName ?? "app",
      dbClusterParameterGroupName: parameters.name,
      serverlessv2ScalingConfiguration: {
        ...{ minCapacity: min, maxCapacity: max },
        ...(min === 0 ? { secondsUntilAutoPause: pauseAfterSeconds } : {}),
      },
    },
    { ...options, ignoreChanges: ofItsCreation },
  );
  const instance = (part: string, more: pulumi.CustomResourceOptions) =>
    new aws.rds.ClusterInstance(
      `${name}-${part}`,
      {
        clusterIdentifier: cluster.id,
        identifierPrefix: identifierPrefix(`${name}-${part}`),
        engine,
        engineVersion: cluster.engineVersionActual,
        instanceClass: "db.serverless",
        publiclyAccessible: false,
        autoMinorVersionUpgrade: !namesMinor(args.engine, args.version),
        tags,
      },
      { ...options, parent: cluster, ...more },
    );
  instance("first", {});
  // It holds nothing that the cluster does not: it may come and go.
  if (args.standby) instance("standby", changeable(cluster));
  return {
    resource: cluster,
    identifier: cluster.clusterIdentifier,
    host: cluster.endpoint,
    secretArn: secretOf(cluster.masterUserSecrets),
  };
}

/** An instance of RDS, with another in a second zone where it has a standby. */
export function rdsInstance(
  name: string,
  args: DatabaseArgs,
  instanceClass: string,
  ground: Ground,
): Built {
  const { storageGiB = 20 } = args;
  const parameters = new aws.rds.ParameterGroup(
    boundedName(`${name}-parameters`, longest),
    {
      family: parameterFamily(args.engine, args.version, false),
      parameters: [tlsParameter(args)],
      tags: args.tags,
    },
    ground.options,
  );
  const instance = new aws.rds.Instance(
    name,
    {
      ...common(args, ground),
      engine: args.engine,
      identifierPrefix: identifierPrefix(name),
      instanceClass,
      username: masterUsername,
      dbName: args.databaseName ?? "app",
      parameterGroupName: parameters.name,
      storageType: "gp3",
      allocatedStorage: storageGiB,
      maxAllocatedStorage: args.maxStorageGiB ?? storageGiB * 5,
      multiAz: args.standby ?? false,
      publiclyAccessible: false,
      autoMinorVersionUpgrade: !namesMinor(args.engine, args.version),
    },
    { ...ground.options, ignoreChanges: ofItsCreation },
  );
  return {
    resource: instance,
    identifier: instance.identifier,
    host: instance.address,
    secretArn: secretOf(instance.masterUserSecrets),
  };
}

function secretOf(
  secrets: pulumi.Output<readonly { readonly secretArn: string }[]>,
): pulumi.Output<string> {
  return secrets.apply(([{ secretArn }]) => secretArn);
}
