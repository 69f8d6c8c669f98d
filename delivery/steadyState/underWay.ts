import type { ECSClient } from "@aws-sdk/client-ecs";
import type { DescribedServices } from "../deploy/ecs";
import { isShifting, stageText, waitingHook, type HeldService } from "./hold";
import { primaryOf } from "./judge";
import {
  describeServiceDeployment,
  goneBackSince,
  isOpen,
  newestServiceDeployment,
} from "./serviceDeployment";

/** A service whose new tasks run beside the old ones, while ECS is at it. */
export interface ServiceUnderWay {
  readonly service: string;
  /** For people: the strategy, the stage, where requests go, and what is waited for until when. */
  readonly text: string;
  /** Where it waits for an answer. */
  readonly held?: HeldService;
}

/** Those of services that ECS shifts, or will once somebody answers: two calls for each that is not steady, and none for others. */
export async function servicesUnderWay(
  ecs: ECSClient,
  cluster: string,
  services: DescribedServices,
): Promise<ServiceUnderWay[]> {
  const found: ServiceUnderWay[] = [];
  for (const [service, described] of Object.entries(services)) {
    const primary = primaryOf(described);
    if (!primary || !isShifting(described) || !mayBeOpen(described)) continue;
    const newest = await newestServiceDeployment(ecs, cluster, described.serviceName ?? "");
    const deployment = await describeServiceDeployment(ecs, newest?.serviceDeploymentArn);
    if (!deployment || !isOpen(deployment)) continue;
    const { serviceDeploymentArn = "" } = deployment;
    const { taskDefinition = "" } = primary;
    const hook = waitingHook(deployment);
    found.push({
      service,
      text: `${strategyOf(described)}, ${deployment.status}: ${stageText(deployment, described)}`,
      ...(hook ? { held: { service, serviceDeploymentArn, taskDefinition, ...hook } } : {}),
    });
  }
  return found;
}

/** Those of services whose newest deployment began at a time or after it, and on which ECS has gone back. */
export async function servicesBack(
  ecs: ECSClient,
  cluster: string,
  services: DescribedServices,
  since: Date,
): Promise<string[]> {
  const back: string[] = [];
  for (const [service, described] of Object.entries(services)) {
    if (!isShifting(described)) continue;
    const newest = await newestServiceDeployment(ecs, cluster, described.serviceName ?? "");
    if (newest && goneBackSince(newest, since) && !isOpen(newest)) back.push(service);
  }
  return back;
}

function strategyOf({ deploymentConfiguration }: DescribedServices[string]): string {
  return deploymentConfiguration?.strategy ?? "";
}

/** Whether more runs than the one deployment that is over. */
function mayBeOpen({ deployments = [] }: DescribedServices[string]): boolean {
  return (
    deployments.length > 1 || deployments.some(({ rolloutState }) => rolloutState !== "COMPLETED")
  );
}
