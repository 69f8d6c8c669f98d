import * as aws from "@pulumi/aws";
import { keyArn, type Fault } from "./fault";

function instance(name: string, args: aws.rds.InstanceArgs) {
  return new aws.rds.Instance(name, args);
}

function cluster(name: string, args: Partial<aws.rds.ClusterArgs>) {
  return new aws.rds.Cluster(name, { engine: "aurora-postgresql", ...args });
}

function small(args: Partial<aws.rds.InstanceArgs>): aws.rds.InstanceArgs {
  return { instanceClass: "db.t4g.micro", engine: "postgres", ...args };
}

function group(name: string, args: Partial<aws.elasticache.ReplicationGroupArgs>) {
  return new aws.elasticache.ReplicationGroup(name, { description: "sessions", ...args });
}

export const databaseFaults: readonly Fault[] = [
  {
    rule: "rds-encrypted",
    says: /not encrypted/,
    wrong: (name) => instance(name, small({})),
    right: (name) => instance(name, small({ storageEncrypted: true })),
  },
  {
    rule: "rds-encrypted",
    says: /not encrypted/,
    wrong: (name) => cluster(name, { storageEncrypted: false }),
    right: (name) => cluster(name, { storageEncrypted: true, kmsKeyId: keyArn }),
  },
  {
    rule: "rds-encrypted",
    says: /not encrypted/,
    wrong: (name) => new aws.docdb.Cluster(name),
    right: (name) => new aws.docdb.Cluster(name, { storageEncrypted: true }),
  },
  {
    rule: "rds-public",
    says: /public address/,
    wrong: (name) => instance(name, small({ publiclyAccessible: true })),
    right: (name) => instance(name, small({})),
  },
  {
    rule: "rds-backups",
    says: /kept for 0 days, and 7 days are the least here/,
    wrong: (name) => instance(name, small({})),
    right: (name) => instance(name, small({ backupRetentionPeriod: 7 })),
  },
  {
    rule: "rds-backups",
    says: /kept for 1 day, and 7 days are the least here/,
    wrong: (name) => cluster(name, {}),
    // A replica has its source's.
    right: (name) => instance(name, small({ replicateSourceDb: "shop" })),
  },
  {
    rule: "rds-deletion-protection",
    says: /it can be deleted/,
    wrong: (name) => cluster(name, {}),
    right: (name) => cluster(name, { deletionProtection: true }),
  },
  {
    rule: "rds-final-snapshot",
    says: /skipFinalSnapshot is on/,
    wrong: (name) => cluster(name, { skipFinalSnapshot: true }),
    right: (name) => cluster(name, { finalSnapshotIdentifier: "shop-last" }),
  },
  {
    rule: "rds-password-in-state",
    says: /the program gives the password/,
    wrong: (name) => instance(name, small({ password: "correct horse" })),
    right: (name) => instance(name, small({ manageMasterUserPassword: true })),
  },
  {
    rule: "rds-zones",
    says: /one zone/,
    wrong: (name) => instance(name, small({})),
    right: (name) => instance(name, small({ multiAz: true })),
  },
  {
    rule: "rds-updates",
    says: /autoMinorVersionUpgrade is false/,
    wrong: (name) => instance(name, small({ autoMinorVersionUpgrade: false })),
    right: (name) => instance(name, small({})),
  },
  {
    rule: "rds-logs",
    says: /no log is exported/,
    wrong: (name) => instance(name, small({})),
    right: (name) => instance(name, small({ enabledCloudwatchLogsExports: ["postgresql"] })),
  },
  {
    rule: "elasticache-encrypted",
    says: /transitEncryptionEnabled is not true/,
    wrong: (name) => group(name, { atRestEncryptionEnabled: true }),
    right: (name) => group(name, { atRestEncryptionEnabled: true, transitEncryptionEnabled: true }),
  },
  {
    rule: "elasticache-password",
    says: /nobody has to say who they are/,
    wrong: (name) => new aws.elasticache.ServerlessCache(name, { engine: "valkey" }),
    right: (name) =>
      new aws.elasticache.ServerlessCache(name, { engine: "valkey", userGroupId: "shop" }),
  },
  {
    rule: "elasticache-failover",
    says: /no other node takes over/,
    wrong: (name) => group(name, {}),
    right: (name) => group(name, { automaticFailoverEnabled: true }),
  },
  {
    rule: "elasticache-backups",
    says: /no snapshot is kept/,
    wrong: (name) => group(name, {}),
    right: (name) => group(name, { snapshotRetentionLimit: 3 }),
  },
];
