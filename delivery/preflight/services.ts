import { isNamed } from "../errors";
import type { DescribedServices } from "../deploy/ecs";
import { isJob } from "../jobs";
import type { Target } from "../target";
import type { PreflightFault } from "./fault";

/**
 * The services of the config that ECS does not have.
 * @param describe what ECS has of them.
 */
export async function serviceFaults(
  describe: () => Promise<DescribedServices>,
  target: Target,
): Promise<PreflightFault[]> {
  const { stack, names, config } = target;
  // Without a refresh Pulumi takes a service that somebody deleted for one that is there, and finds nothing to do.
  const fix = `make it: pulumi refresh --stack ${stack} && pulumi up --stack ${stack}`;
  try {
    const found = await describe();
    return Object.keys(config.services)
      .filter((service) => !isJob(config, service) && !Object.hasOwn(found, service))
      .map((service) => ({
        where: `services.${service}`,
        fault: `the cluster ${names.cluster} has no active service ${names.service(service)}`,
        allowed: "a service that pulumi up has made",
        fix,
      }));
  } catch (error) {
    if (!isNamed(error, "ClusterNotFoundException")) throw error;
    return [
      {
        where: "the cluster",
        fault: `there is no cluster ${names.cluster}`,
        allowed: "a cluster that pulumi up has made",
        fix,
      },
    ];
  }
}
