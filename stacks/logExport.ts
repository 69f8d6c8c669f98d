import type * as pulumi from "@pulumi/pulumi";
import { LogExport, type RequestLogsTarget } from "../components";
import type { Tags } from "../components/shared/tags";
import type { EnvironmentNames } from "../contract/names";
import type { EnvironmentConfig } from "./config";
import type { Collected } from "./protection";

interface Context {
  readonly config: EnvironmentConfig;
  /** The key of the environment. Without it, AWS's own. */
  readonly keyArn?: pulumi.Input<string>;
  /** Where requests to its bucket are logged. Without it, they are not. */
  readonly requestLogs?: RequestLogsTarget;
  readonly names: EnvironmentNames;
  /** What was made before: its log groups are exported, those of own resources too. */
  readonly collected: Collected;
  readonly tags: Tags;
  readonly options: pulumi.ComponentResourceOptions;
}

/** Exports whatever was logged to groups that are there by now, where config says so. What was exported outlives that config, until it expires. */
export function exportLogs(context: Context): void {
  const { config, keyArn, requestLogs, names, collected, tags, options } = context;
  const { export: given, retentionDays } = config.logs;
  if (given === false) return;
  const logGroups = Object.fromEntries(
    collected.logGroups.map(({ name, resource }) => [name, resource.name]),
  );
  new LogExport(
    names.prefix,
    {
      ...{ ...given, logGroups, tags, retain: true },
      exportName: names.logExport,
      databaseName: names.logDatabase,
      errorLog: { logGroupName: names.logExportGroup, retentionDays },
      keyArn,
      requestLogs,
    },
    options,
  );
}
