import type { AlarmBounds } from "../components";
import type { EnvironmentConfig } from "./config";
import type { HostedServiceConfig } from "./config/types";

/** What watches a service, and whether it has a say in its deployments. */
export interface ServiceAlarmsConfig {
  readonly alarms?: AlarmBounds | false;
  readonly watch?: AlarmBounds;
}

/**
 * A service's own `alarms` end its deployments; those of the environment only watch. Tasks are counted where the cluster has
 * Container Insights.
 */
export function alarmsOf(
  { alarms }: HostedServiceConfig,
  { alarms: environments, cluster }: EnvironmentConfig,
): ServiceAlarmsConfig {
  const countsTasks = cluster.containerInsights !== "disabled";
  if (alarms) return { alarms: { ...alarms, countsTasks } };
  const watch = environments && alarms === undefined ? { countsTasks } : undefined;
  return { alarms, watch };
}
