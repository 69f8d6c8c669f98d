import { DescribeServicesCommand, type ECSClient } from "@aws-sdk/client-ecs";
import type { Target } from "../target";
import type { PreflightFault } from "./fault";

/** What DescribeServices takes at once. */
export const servicesPerCall = 10;

/** The services of the config that ECS does not have. */
export async function serviceFaults(ecs: ECSClient, target: Target): Promise<PreflightFault[]> {
  const { stack, names, config } = target;
  const services = Object.keys(config.services);
  const mend = `make it: pulumi up --stack ${stack}`;
  try {
    const faults: PreflightFault[] = [];
    for (let start = 0; start < services.length; start += servicesPerCall) {
      const asked = services.slice(start, start + servicesPerCall);
      const { services: found = [] } = await ecs.send(
        new DescribeServicesCommand({
          cluster: names.cluster,
          services: asked.map((service) => names.service(service)),
        }),
      );
      const active = found.filter(({ status }) => status === "ACTIVE");
      const missing = asked.filter(
        (service) => !active.some(({ serviceName }) => serviceName === names.service(service)),
      );
      faults.push(
        ...missing.map((service) => ({
          where: `services.${service}`,
          fault: `the cluster ${names.cluster} has no active service ${names.service(service)}`,
          allowed: "a service that pulumi up has made",
          mend,
        })),
      );
    }
    return faults;
  } catch (error) {
    if ((error as Error).name !== "ClusterNotFoundException") throw error;
    return [
      {
        where: "the cluster",
        fault: `there is no cluster ${names.cluster}`,
        allowed: "a cluster that pulumi up has made",
        mend,
      },
    ];
  }
}
