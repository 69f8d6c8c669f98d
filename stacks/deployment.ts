import type { DeploymentArgs } from "../components";
import { shifts } from "../components/service/strategies";
import { variables } from "../contract/variables";
import type { HostedServiceConfig } from "./config/types";

/** For which a deployment that shifts requests is held at most. The lead replaces it by `deliveryTimes(config).holdMinutes`. */
const holdMinutes = 202;

/**
 * How the tasks of a service are exchanged. One that shifts requests is held first: by a release, which delivery verifies and
 * answers; and by a change of settings, which whoever makes it has seen in the preview.
 */
export function deploymentOf({ deployment }: HostedServiceConfig): DeploymentArgs {
  const { strategy, bakeMinutes, stepPercent, stepMinutes } = deployment;
  const args = { strategy, bakeMinutes, stepPercent, stepMinutes };
  if (!shifts(args.strategy)) return args;
  const answeredBy = process.env[variables.release] ? "delivery" : "update";
  return { ...args, hold: { timeoutMinutes: holdMinutes, answeredBy } };
}
