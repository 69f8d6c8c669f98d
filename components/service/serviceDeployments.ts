import type * as sdk from "@aws-sdk/client-ecs";
import { withEcs } from "./ecsApi";
import type { ServiceTasks } from "./taskProtection";

/** A deployment of an ECS service, in ECS's words. */
export interface ServiceDeployment {
  readonly arn: string;
  /** `IN_PROGRESS`, `SUCCESSFUL`. */
  readonly status: string;
  readonly reason?: string;
  /** `SCALE_UP`, `BAKE_TIME`; undefined where requests are not shifted. */
  readonly stage?: string;
  /** Ids of the hooks that wait for an answer. */
  readonly waiting: readonly string[];
  /** Until when the first of them waits. */
  readonly expiresAt?: Date;
}

/** Statuses of deployments that are not over ("ServiceDeployment", ECS API reference). */
const openStatuses: sdk.ServiceDeploymentStatus[] = [
  "PENDING",
  "IN_PROGRESS",
  "STOP_REQUESTED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
];

/** One of a service's deployments, as a list of them tells it. */
export type ListedDeployment = Pick<ServiceDeployment, "arn" | "status">;

/** Whether a deployment is not over. */
export function isOpen({ status }: ListedDeployment): boolean {
  return openStatuses.some((open) => open === status);
}

/** The deployments of a service, the newest first. */
export async function deploymentsOf(of: ServiceTasks): Promise<readonly ListedDeployment[]> {
  return withEcs(of.clusterArn, async (client, { ListServiceDeploymentsCommand }) => {
    const { serviceDeployments = [] } = await client.send(
      new ListServiceDeploymentsCommand({ cluster: of.clusterArn, service: of.serviceName }),
    );
    // In an order that no page says.
    const time = ({ createdAt }: sdk.ServiceDeploymentBrief) => createdAt?.getTime() ?? 0;
    return serviceDeployments
      .toSorted((a, b) => time(b) - time(a))
      .map(({ serviceDeploymentArn: arn = "", status = "PENDING" }) => ({ arn, status }));
  });
}

/** @throws Error where ECS knows none of that ARN. */
export async function describeDeployment(arn: string): Promise<ServiceDeployment> {
  return withEcs(arn, async (client, { DescribeServiceDeploymentsCommand }) => {
    const { serviceDeployments = [] } = await client.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
    );
    if (serviceDeployments.length === 0) throw new Error(`ECS knows no deployment ${arn}`);
    const [{ status = "PENDING", statusReason, lifecycleStage, lifecycleHookDetails = [] }] =
      serviceDeployments;
    const waiting = lifecycleHookDetails.filter((hook) => hook.status === "AWAITING_ACTION");
    return {
      ...{ arn, status, reason: statusReason, stage: lifecycleStage },
      waiting: waiting.flatMap(({ hookId }) => hookId ?? []),
      expiresAt: waiting.at(0)?.expiresAt,
    };
  });
}

/** What a service is deployed to, or is being; undefined where there is none of that name. */
export async function taskDefinitionOf(of: ServiceTasks): Promise<string | undefined> {
  return withEcs(of.clusterArn, async (client, { DescribeServicesCommand }) => {
    const { services = [] } = await client.send(
      new DescribeServicesCommand({ cluster: of.clusterArn, services: [of.serviceName] }),
    );
    return services.at(0)?.taskDefinition;
  });
}

/** Has a deployment go on from where a hook holds it. */
export async function continueDeployment(arn: string, hookId: string): Promise<void> {
  await withEcs(arn, (client, { ContinueServiceDeploymentCommand }) =>
    client.send(
      new ContinueServiceDeploymentCommand({
        serviceDeploymentArn: arn,
        hookId,
        action: "CONTINUE",
      }),
    ),
  );
}

/** Has ECS go back to what served before a deployment. */
export async function stopDeployment(arn: string): Promise<void> {
  await withEcs(arn, (client, { StopServiceDeploymentCommand }) =>
    client.send(
      new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: "ROLLBACK" }),
    ),
  );
}

/**
 * Changes a service by the API, for what Pulumi's provider cannot do.
 * @returns the service as it is then.
 */
export async function updateService(
  of: ServiceTasks,
  change: Omit<sdk.UpdateServiceRequest, "cluster" | "service">,
): Promise<sdk.Service | undefined> {
  const { service } = await withEcs(of.clusterArn, (client, { UpdateServiceCommand }) =>
    client.send(
      new UpdateServiceCommand({ cluster: of.clusterArn, service: of.serviceName, ...change }),
    ),
  );
  return service;
}
