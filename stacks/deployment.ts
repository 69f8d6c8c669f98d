import type { DeploymentArgs } from "../components";
import { shifts } from "../contract/deploymentStrategy";
import type { DesiredRelease } from "../contract/pointer";
import { deliveryTimes } from "../contract/times";
import { variables } from "../contract/variables";
import type { EnvironmentConfig } from "./config";
import type { HostedServiceConfig } from "./config/types";

/**
 * How the tasks of a service are exchanged. One that shifts requests is held first: by a release, which delivery verifies and
 * answers; and by a change of settings, which whoever makes it has seen in the preview. With a release that delivery has not
 * verified yet nobody would, so that its settings are not changed.
 */
export function deploymentOf(
  { deployment }: HostedServiceConfig,
  config: EnvironmentConfig,
  release: DesiredRelease | undefined,
): DeploymentArgs {
  const { strategy, bakeMinutes, stepPercent, stepMinutes } = deployment;
  const unverified = release?.awaitsVerification;
  const args = { strategy, bakeMinutes, stepPercent, stepMinutes, unverified };
  if (!shifts(strategy)) return args;
  const answeredBy = process.env[variables.release] ? "delivery" : "update";
  return { ...args, hold: { timeoutMinutes: deliveryTimes(config).holdMinutes, answeredBy } };
}
