import { when, type Rule } from "../rule";
import { at, isAbsent, isOff, notKnown, numberOf } from "../values";

const replicationGroups = ["aws:elasticache/replicationGroup:ReplicationGroup"];
const serverless = ["aws:elasticache/serverlessCache:ServerlessCache"];
const fileSystems = ["aws:efs/fileSystem:FileSystem"];
const tables = ["aws:dynamodb/table:Table"];

export const storeRules: readonly Rule[] = [
  {
    name: "elasticache-encrypted",
    severity: "high",
    because: "Sessions and tokens in a cache are read on its disks and on its wires.",
    fix: "set atRestEncryptionEnabled and transitEncryptionEnabled to true",
    types: replicationGroups,
    check: ({ properties: { atRestEncryptionEnabled, transitEncryptionEnabled } }) => [
      ...when(isOff(atRestEncryptionEnabled), "atRestEncryptionEnabled is not true"),
      ...when(isOff(transitEncryptionEnabled), "transitEncryptionEnabled is not true"),
    ],
  },
  {
    name: "elasticache-password",
    severity: "medium",
    because: "A cache without users or a password serves whatever reaches its port.",
    fix: "set userGroupIds, or authToken",
    types: [...replicationGroups, ...serverless],
    check: ({ properties: { userGroupIds, userGroupId, authToken } }) =>
      when(
        [userGroupIds, userGroupId, authToken].every(isAbsent),
        "nobody has to say who they are",
      ),
  },
  {
    name: "elasticache-failover",
    severity: "medium",
    because: "A cache on one node is empty, and away, whenever AWS replaces the node.",
    fix: "set automaticFailoverEnabled and multiAzEnabled to true, and numCacheClusters to 2 or more",
    inProduction: true,
    types: replicationGroups,
    check: ({ properties }) =>
      when(isOff(properties.automaticFailoverEnabled), "no other node takes over"),
  },
  {
    name: "elasticache-backups",
    severity: "low",
    because: "What a cache has lost, whatever stands behind it has to bear at once.",
    fix: "set snapshotRetentionLimit",
    inProduction: true,
    types: [...replicationGroups, ...serverless],
    check: ({ properties: { snapshotRetentionLimit: days } }) =>
      when(days !== notKnown && (numberOf(days) ?? 0) === 0, "no snapshot is kept"),
  },
  {
    name: "efs-encrypted",
    severity: "high",
    because: "A file system can be encrypted only when it is made.",
    fix: "set encrypted to true",
    types: fileSystems,
    check: ({ properties }) => when(isOff(properties.encrypted), "files are not encrypted"),
  },
  {
    name: "efs-backups",
    severity: "high",
    because: "Without backups nothing brings back a file that is deleted.",
    fix: "add an aws.efs.BackupPolicy of the file system with status ENABLED",
    inProduction: true,
    types: fileSystems,
    checkInStack: (fileSystem, stack) => {
      const policies = ["aws:efs/backupPolicy:BackupPolicy"];
      const found = stack
        .about(fileSystem, policies, "fileSystemId")
        .map(({ properties }) => at(properties, "backupPolicy", "status"));
      return when(
        !found.some((status) => status === "ENABLED" || status === notKnown) &&
          !stack.mayBeAbout(fileSystem, policies, "fileSystemId") &&
          stack.all(["aws:backup/selection:Selection"]).length === 0,
        "files are not backed up",
      );
    },
  },
  {
    name: "dynamodb-recovery",
    severity: "high",
    because:
      "Without point-in-time recovery nothing brings back what an application or a person deletes.",
    fix: "set pointInTimeRecovery.enabled to true",
    inProduction: true,
    types: tables,
    check: ({ properties }) =>
      when(
        isOff(at(properties, "pointInTimeRecovery", "enabled")),
        "no earlier state can be restored",
      ),
  },
  {
    name: "dynamodb-deletion-protection",
    severity: "medium",
    because: "With deletion protection nobody deletes a table by one call or one merge.",
    fix: "set deletionProtectionEnabled to true",
    inProduction: true,
    types: tables,
    check: ({ properties }) =>
      when(isOff(properties.deletionProtectionEnabled), "it can be deleted"),
  },
];
