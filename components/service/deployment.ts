import type * as aws from "@pulumi/aws";

/** How a service exchanges its tasks. */
export interface DeploymentArgs {
  /**
   * `rolling`: a new task is healthy before an old one leaves. `recreate`, for what must not run twice: ECS stops the old
   * tasks before it starts new ones, and nobody answers meanwhile. Without it, `rolling`.
   */
  readonly strategy?: "rolling" | "recreate";
}

/** The settings of an ECS service by which it goes so. */
export function deploymentSettings({ strategy = "rolling" }: DeploymentArgs) {
  const isRecreate = strategy === "recreate";
  return {
    deploymentMinimumHealthyPercent: isRecreate ? 0 : 100,
    deploymentMaximumPercent: isRecreate ? 100 : 200,
    // It moves a task by starting another first, which 100 percent do not allow ("Balancing an Amazon ECS service across
    // Availability Zones", ECS developer guide). An update that does not say it leaves it as it was.
    availabilityZoneRebalancing: isRecreate ? "DISABLED" : "ENABLED",
    deploymentCircuitBreaker: { enable: true, rollback: true },
  } satisfies Partial<aws.ecs.ServiceArgs>;
}
