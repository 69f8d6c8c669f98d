import { when, type Rule } from "../rule";
import { isProduction } from "../settings";
import { isAbsent, isOff, isOn, notKnown, numberOf } from "../values";

const instances = ["aws:rds/instance:Instance"];
const clusters = [
  "aws:rds/cluster:Cluster",
  "aws:docdb/cluster:Cluster",
  "aws:neptune/cluster:Cluster",
];
const members = ["aws:rds/clusterInstance:ClusterInstance"];

export const databaseRules: readonly Rule[] = [
  {
    name: "rds-encrypted",
    severity: "high",
    because:
      "Snapshots of a database that is not encrypted can be read wherever they are copied to.",
    fix: "set storageEncrypted to true; it replaces a database that is there, so restore it from an encrypted copy of a snapshot",
    types: [...instances, ...clusters],
    check: ({ properties: { storageEncrypted, replicateSourceDb } }) =>
      // A replica is as its source.
      when(isAbsent(replicateSourceDb) && isOff(storageEncrypted), "storage is not encrypted"),
  },
  {
    name: "rds-public",
    severity: "critical",
    because: "A database with a public address is one security group away from the internet.",
    fix: "leave publiclyAccessible out, and reach it from within the VPC",
    types: [...instances, ...members],
    check: ({ properties }) => when(isOn(properties.publiclyAccessible), "it has a public address"),
  },
  {
    name: "rds-backups",
    severity: "high",
    because: "Without backups nothing brings back what an application or a person deletes.",
    fix: "set backupRetentionPeriod (setting backupDays)",
    types: [...instances, ...clusters],
    check: ({ type, urn, properties }, settings) => {
      const { backupRetentionPeriod: given, replicateSourceDb } = properties;
      if (given === notKnown || !isAbsent(replicateSourceDb)) return [];
      const least = settings.backupDays ?? (isProduction(urn, settings) ? 7 : 1);
      // What RDS takes where nothing is said: a day for clusters, nothing for instances.
      const kept = numberOf(given) ?? (clusters.includes(type) ? 1 : 0);
      return when(
        kept < least,
        `backups are kept for ${days(kept)}, and ${days(least)} are the least here`,
      );
    },
  },
  {
    name: "rds-deletion-protection",
    severity: "high",
    because: "With deletion protection nobody deletes a database by one call or one merge.",
    fix: "set deletionProtection to true",
    inProduction: true,
    types: [...instances, ...clusters],
    check: ({ properties }) => when(isOff(properties.deletionProtection), "it can be deleted"),
  },
  {
    name: "rds-final-snapshot",
    severity: "high",
    because: "A database that is deleted without a final snapshot leaves nothing to go back to.",
    fix: "leave skipFinalSnapshot out, and set finalSnapshotIdentifier",
    inProduction: true,
    types: [...instances, ...clusters],
    check: ({ properties: { skipFinalSnapshot, replicateSourceDb } }) =>
      when(isAbsent(replicateSourceDb) && isOn(skipFinalSnapshot), "skipFinalSnapshot is on"),
  },
  {
    name: "rds-password-in-state",
    severity: "medium",
    because: "A password that the program knows stands in Pulumi's state and is never rotated.",
    fix: "set manageMasterUserPassword to true: RDS makes it, rotates it and keeps it in Secrets Manager",
    types: [...instances, ...clusters],
    check: ({ properties: { password, masterPassword } }) =>
      when(!isAbsent(password) || !isAbsent(masterPassword), "the program gives the password"),
  },
  {
    name: "rds-zones",
    severity: "medium",
    because: "A database in one zone is down for as long as the zone is.",
    fix: "set multiAz to true",
    inProduction: true,
    types: instances,
    check: ({ properties: { multiAz, replicateSourceDb } }) =>
      when(isAbsent(replicateSourceDb) && isOff(multiAz), "it runs in one zone"),
  },
  {
    name: "rds-updates",
    severity: "low",
    because: "Minor versions of the engine close security holes.",
    fix: "leave autoMinorVersionUpgrade out",
    types: [...instances, ...members],
    check: ({ properties }) =>
      when(properties.autoMinorVersionUpgrade === false, "autoMinorVersionUpgrade is false"),
  },
  {
    name: "rds-logs",
    severity: "low",
    because: "The logs of a database that nobody exports go with it.",
    fix: "set enabledCloudwatchLogsExports",
    inProduction: true,
    types: [...instances, ...clusters],
    check: ({ properties: { enabledCloudwatchLogsExports: exported } }) =>
      when(isAbsent(exported), "no log is exported"),
  },
];

function days(count: number): string {
  return `${count} ${count === 1 ? "day" : "days"}`;
}
