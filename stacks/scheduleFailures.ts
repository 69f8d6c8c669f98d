import type * as pulumi from "@pulumi/pulumi";
import { ScheduleFailures } from "../components";
import type { Tags } from "../components/shared/tags";
import type { EnvironmentNames } from "../contract/names";
import type { EnvironmentConfig } from "./config";
import { driftSchedule } from "./driftSchedule";

interface Context {
  readonly config: EnvironmentConfig;
  readonly names: EnvironmentNames;
  /** What is told where something did not start. */
  readonly alarmActions: readonly pulumi.Input<string>[];
  readonly tags: Tags;
  readonly options: pulumi.ComponentResourceOptions;
}

/** Where what could not be started is put, and told; undefined where nothing has a schedule. */
export function createScheduleFailures(context: Context): ScheduleFailures | undefined {
  const { config, names, alarmActions, tags, options } = context;
  const isScheduled =
    driftSchedule(config) !== undefined ||
    Object.values(config.services).some(
      (service) => service.kind === "job" && service.schedule !== undefined,
    );
  if (!isScheduled) return undefined;
  const args = { queueName: names.scheduleFailures, alarmActions, tags };
  return new ScheduleFailures(names.prefix, args, options);
}
