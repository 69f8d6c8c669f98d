import type { AlarmBounds } from "../components";
import type { EnvironmentConfig } from "./config";
import type { HostedServiceConfig } from "./config/types";

/** What watches a service: tasks are counted where the cluster has Container Insights. */
export function alarmsOf(
  { alarms }: HostedServiceConfig,
  { cluster }: EnvironmentConfig,
): AlarmBounds | false | undefined {
  return alarms && { ...alarms, countsTasks: cluster.containerInsights !== "disabled" };
}
