import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DatabaseArgs } from "./database/args";
import { auroraCluster, rdsInstance } from "./database/builders";
import { engines } from "./database/engine";
import { databaseFaults } from "./database/validate";
import { tellOtherKey } from "./shared/otherKey";
import { boundedName } from "./shared/naming";
import { reachable } from "./shared/reachable";
import { refuse } from "./shared/validation";

/**
 * A database of PostgreSQL or MySQL: Aurora Serverless v2, or an instance of RDS. It is encrypted, in private subnets, backed
 * up, and lets in the security groups that are named alone. Its password is made by RDS, kept and changed by Secrets
 * Manager, and in no state. Whenever it is deleted, a final snapshot stays.
 *
 * With `serverless` it costs 0.12 USD an ACU and hour (44 USD a month for 0.5) and nothing while it is paused, beside 0.10
 * USD a GB and month; with `instance` about 12 USD a month for a db.t4g.micro, beside 0.115 USD a GB and month. A standby costs the
 * same again; the secret 0.40 USD a month (us-east-1).
 *
 * @example
 * new Database("main", { engine: "postgres", version: "17", serverless: { min: 0.5, max: 4 }, network });
 * @example
 * new Database("main", { engine: "mysql", version: "8.4", instance: "db.m7g.large", storageGiB: 100,
 *   maxStorageGiB: 1000, standby: true, databaseName: "shop", backupDays: 30, passwordDays: 90, requireTls: true,
 *   network, clients: { web: "sg-0a1b2c3d4e5f67890" }, retain: true,
 *   keyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef", tags: { team: "shop" } }, { protect: true });
 */
export class Database extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  readonly port: number;
  readonly databaseName: string;
  /** AWS's name of the cluster with `serverless`, of the instance with `instance`: the dimension of its metrics. */
  readonly identifier: pulumi.Output<string>;
  /** The secret in Secrets Manager, with the keys `username` and `password`. */
  readonly secretArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** By client: known once it is let in. */
  readonly clientRules: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:Database", name, {}, opts);
    refuse(this, "Database", databaseFaults(args));
    const { network, clients = {}, serverless, instance = "", retain, tags } = args;
    const options = { parent: this, retainOnDelete: retain };
    this.port = engines[args.engine].port;
    this.databaseName = args.databaseName ?? "app";
    const { securityGroupId, rules } = reachable(
      name,
      { vpcId: network.vpcId, description: "Database", port: this.port, clients, tags },
      options,
    );
    const subnetGroup = new aws.rds.SubnetGroup(
      boundedName(`${name}-subnets`, 63),
      { subnetIds: network.privateSubnetIds, tags },
      options,
    );
    const ground = { subnetGroup, securityGroupId, options };
    const built = serverless
      ? auroraCluster(name, args, serverless, ground)
      : rdsInstance(name, args, instance, ground);
    new aws.secretsmanager.SecretRotation(
      `${name}-rotation`,
      {
        secretId: built.secretArn,
        rotationRules: { automaticallyAfterDays: args.passwordDays ?? 30 },
        rotateImmediately: false,
      },
      // RDS takes its secret along, and lets nobody end the rotation before.
      { ...options, deletedWith: built.resource },
    );
    tellOtherKey(built.resource, built.resource.kmsKeyId, args.keyArn);
    this.host = built.host;
    this.identifier = built.identifier;
    this.secretArn = built.secretArn;
    this.securityGroupId = securityGroupId;
    this.clientRules = rules;
    this.registerOutputs({ host: this.host, secretArn: this.secretArn });
  }
}
