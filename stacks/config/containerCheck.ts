import type { ContainerHealthCheckArgs } from "../../components/service/containerArgs";
import type { ServiceConfig } from "./types";

/** The health check of a service's own container; undefined where config has no command for it. */
export function containerCheck({
  healthCheck,
}: Pick<ServiceConfig, "healthCheck">): ContainerHealthCheckArgs | undefined {
  if (healthCheck?.command === undefined) return undefined;
  const { command, intervalSeconds, timeoutSeconds, retries, startPeriodSeconds } = healthCheck;
  return { command, intervalSeconds, timeoutSeconds, retries, startPeriodSeconds };
}
