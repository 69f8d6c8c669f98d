import { changeTimes, durationText } from "../../contract/changeTimes";
import type { Path } from "./path";
import type { EnvironmentConfig, ServiceConfig } from "./types";

/** Seconds in which a task that answers well should get requests. */
const promptSeconds = 60;

/** Settings that make each deployment of a service longer and keep no request from being lost. */
export function slowDeployments(
  name: string,
  service: ServiceConfig,
  { loadBalancer }: Pick<EnvironmentConfig, "loadBalancer">,
): [path: Path, risk: string][] {
  if (service.kind !== "web") return [];
  const { healthySeconds, drainSeconds } = changeTimes(service);
  const { intervalSeconds, healthyThreshold } = service.healthCheck;
  const { idleTimeoutSeconds, existing } = loadBalancer;
  const found: [Path, string][] = [];
  if (healthySeconds > promptSeconds) {
    const key = intervalSeconds > promptSeconds / 2 ? "intervalSeconds" : "healthyThreshold";
    found.push([
      ["services", name, "healthCheck", key],
      `a task that answers well may wait ${durationText(healthySeconds)} for its first request, and so does each deployment: ` +
        `${healthyThreshold} checks, one every ${durationText(intervalSeconds)}. An interval of 5 and a threshold of 2 are enough.`,
    ]);
  }
  if (!existing && drainSeconds > idleTimeoutSeconds) {
    found.push([
      ["services", name, "drainSeconds"],
      `each deployment keeps old tasks for ${durationText(drainSeconds)} after their last new request, and the load balancer ends ` +
        `what is silent for ${durationText(idleTimeoutSeconds)} (idleTimeoutSeconds): more helps nothing but answers that are streamed.`,
    ]);
  }
  return found;
}
