import type { DeploymentArgs } from "../components";
import { shifts } from "../contract/deploymentStrategy";
import { deliveryTimes } from "../contract/times";
import { variables } from "../contract/variables";
import type { EnvironmentConfig } from "./config";
import type { HostedServiceConfig } from "./config/types";

/**
 * How the tasks of a service are exchanged. One that shifts requests is held first: by a release, which delivery verifies and
 * answers; and by a change of settings, which whoever makes it has seen in the preview.
 */
export function deploymentOf(
  { deployment }: HostedServiceConfig,
  config: EnvironmentConfig,
): DeploymentArgs {
  const { strategy, bakeMinutes, stepPercent, stepMinutes } = deployment;
  const args = { strategy, bakeMinutes, stepPercent, stepMinutes };
  if (!shifts(strategy)) return args;
  const answeredBy = process.env[variables.release] ? "delivery" : "update";
  return { ...args, hold: { timeoutMinutes: deliveryTimes(config).holdMinutes, answeredBy } };
}
