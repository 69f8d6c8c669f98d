import type { EnvironmentConfig } from "./config";
import { defaultsFor } from "./config/defaults";
import { driftDefaults } from "./config/drift";

/** When the environment is checked for drift; undefined where it is not. */
export function driftSchedule({ drift, kind, pipeline }: EnvironmentConfig) {
  if (!pipeline) return undefined;
  return (drift ?? (defaultsFor(kind).drift && driftDefaults)) || undefined;
}
