import { randomBytes } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CacheArgs, CacheLimits } from "./cache/args";
import { cacheMajor } from "./cache/engine";
import { cacheFaults } from "./cache/validate";
import { tellOtherKey } from "./shared/otherKey";
import { autoNameSuffixLength, boundedName } from "./shared/naming";
import { reachable } from "./shared/reachable";
import { refuse } from "./shared/validation";

const port = 6379;

/** A name has one cache; and ElastiCache encrypts with another key in another cache alone, where what this one holds is not. */
const replaced = { deleteBeforeReplace: true, ignoreChanges: ["kmsKeyId"] };

/**
 * A cache of Valkey or Redis in ElastiCache: serverless, or nodes. It is encrypted, in private subnets, talks TLS alone, asks
 * for a password, and lets in the security groups that are named alone. The password is drawn once, kept in Secrets
 * Manager, and encrypted in the state.
 *
 * With `serverless`, Valkey costs from 6 USD a month (0.084 USD a GB and hour, 100 MB at least, and 0.0023 USD for a million
 * ECPUs), Redis from 90 USD; with `node` a cache.t4g.micro about 9 or 12 USD a month, and a standby the same again; the
 * secret 0.40 USD a month (us-east-1). Snapshots cost 0.085 USD a GB and month ("Amazon ElastiCache pricing").
 *
 * @example
 * new Cache("sessions", { engine: "valkey", version: "8.0", serverless: {}, network });
 * @example
 * new Cache("jobs", { engine: "redis", version: "7.1", node: "cache.m7g.large", standby: true, backupDays: 7, network,
 *   clients: { web: "sg-0a1b2c3d4e5f67890" }, retain: true,
 *   keyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef", tags: { team: "shop" } }, { protect: true });
 */
export class Cache extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  readonly port = port;
  /** The password of the user `default`, in Secrets Manager: with its version, so that tasks of an older one are exchanged. */
  readonly passwordReference: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** AWS's names of its nodes, by which each is counted; of a serverless cache its own alone. */
  readonly identifiers: readonly pulumi.Output<string>[];
  /** By client: known once it is let in. */
  readonly clientRules: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:Cache", name, {}, opts);
    refuse(this, "Cache", cacheFaults(args));
    const { network, clients = {}, serverless, node = "", retain, tags } = args;
    const options = { parent: this, retainOnDelete: retain };
    const { securityGroupId, rules } = reachable(
      name,
      { vpcId: network.vpcId, description: "Cache", port, clients, tags },
      options,
    );
    const { passwordReference, userGroupId } = this.access(name, args, options);
    const given = { userGroupId, securityGroupId, options };
    const { host, identifiers } = serverless
      ? this.serverless(name, args, serverless, given)
      : this.nodes(name, args, node, given);
    this.host = host;
    this.identifiers = identifiers;
    this.passwordReference = passwordReference;
    this.securityGroupId = securityGroupId;
    this.clientRules = rules;
    this.registerOutputs({ host: this.host });
  }

  /** One user with a password: `default`, as whom clients come that name none. */
  private access(name: string, args: CacheArgs, options: pulumi.CustomResourceOptions) {
    const { engine, keyArn, passwordVersion = 1, tags } = args;
    const secret = new aws.secretsmanager.Secret(
      `${name}-password`,
      { kmsKeyId: keyArn, tags },
      options,
    );
    const version = new aws.secretsmanager.SecretVersion(
      `${name}-password-${passwordVersion}`,
      { secretId: secret.id, secretString: pulumi.secret(randomBytes(32).toString("base64url")) },
      // It is drawn anew in each run, and the first one of a version holds.
      { ...options, ignoreChanges: ["secretString"] },
    );
    const id = physicalName(name);
    const password = version.secretString.apply((text) => text ?? "");
    const user = new aws.elasticache.User(
      `${name}-user`,
      {
        ...{ userId: id, userName: "default", engine, tags },
        accessString: "on ~* &* +@all",
        authenticationMode: { type: "password", passwords: [password] },
      },
      options,
    );
    const group = new aws.elasticache.UserGroup(
      `${name}-users`,
      { userGroupId: id, engine, userIds: [user.userId], tags },
      options,
    );
    const passwordReference = pulumi.interpolate`${secret.arn}:::${version.versionId}`;
    return { passwordReference, userGroupId: group.userGroupId };
  }

  private serverless(
    name: string,
    { engine, version, network, backupDays = 0, keyArn, tags }: CacheArgs,
    { maxGB, maxEcpuPerSecond }: CacheLimits,
    { userGroupId, securityGroupId, options }: Given,
  ): Built {
    const cache = new aws.elasticache.ServerlessCache(
      name,
      {
        ...{ name: physicalName(name), engine, tags },
        majorEngineVersion: cacheMajor(version),
        kmsKeyId: keyArn,
        snapshotRetentionLimit: backupDays,
        // ElastiCache takes three zones at most.
        subnetIds: pulumi.output(network.privateSubnetIds).apply((ids) => ids.slice(0, 3)),
        securityGroupIds: [securityGroupId],
        userGroupId,
        cacheUsageLimits: {
          dataStorage: { maximum: maxGB ?? 5000, unit: "GB" },
          ecpuPerSeconds: [{ maximum: maxEcpuPerSecond ?? 15_000_000 }],
        },
      },
      { ...options, ...replaced },
    );
    tellOtherKey(cache, cache.kmsKeyId, keyArn);
    const host = cache.endpoints.apply(([{ address }]) => address);
    return { host, identifiers: [cache.name] };
  }

  private nodes(
    name: string,
    { engine, version, network, standby = false, backupDays = 0, keyArn, tags }: CacheArgs,
    nodeType: string,
    { userGroupId, securityGroupId, options }: Given,
  ): Built {
    const subnetGroup = new aws.elasticache.SubnetGroup(
      `${name}-subnets`,
      { subnetIds: network.privateSubnetIds, tags },
      options,
    );
    const group = new aws.elasticache.ReplicationGroup(
      name,
      {
        ...{ replicationGroupId: physicalName(name), description: name, engine, nodeType, tags },
        engineVersion: version,
        port,
        numCacheClusters: standby ? 2 : 1,
        automaticFailoverEnabled: standby,
        multiAzEnabled: standby,
        atRestEncryptionEnabled: true,
        kmsKeyId: keyArn,
        transitEncryptionEnabled: true,
        snapshotRetentionLimit: backupDays,
        userGroupIds: [userGroupId],
        subnetGroupName: subnetGroup.name,
        securityGroupIds: [securityGroupId],
        // The version is what config says; patches come in the maintenance window all the same.
        autoMinorVersionUpgrade: false,
        applyImmediately: true,
      },
      { ...options, ...replaced },
    );
    tellOtherKey(group, group.kmsKeyId, keyArn);
    const member = (index: number) =>
      group.memberClusters.apply((members) => [...members].sort()[index]);
    return {
      host: group.primaryEndpointAddress,
      identifiers: standby ? [member(0), member(1)] : [member(0)],
    };
  }
}

interface Built {
  readonly host: pulumi.Output<string>;
  readonly identifiers: readonly pulumi.Output<string>[];
}

interface Given {
  readonly userGroupId: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly options: pulumi.CustomResourceOptions;
}

/** ElastiCache names nothing itself, and takes 40 characters. */
function physicalName(name: string): string {
  return boundedName(name, 40 + autoNameSuffixLength);
}
