import {
  DescribeServiceDeploymentsCommand,
  ListServiceDeploymentsCommand,
  type ECSClient,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
} from "@aws-sdk/client-ecs";

/** What ListServiceDeployments answers at once, at most. */
const perPage = 100;

/** States in which ECS still decides. In the last two it goes back to what ran before. */
const open = [
  "PENDING",
  "IN_PROGRESS",
  "STOP_REQUESTED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
];

/** The service deployments of the last 90 days, newest first: they know of bake times, alarms and rollbacks. */
export async function serviceDeployments(
  ecs: ECSClient,
  cluster: string,
  service: string,
): Promise<readonly ServiceDeploymentBrief[]> {
  const found: ServiceDeploymentBrief[] = [];
  let nextToken: string | undefined;
  // All pages: ECS promises no order among them.
  do {
    const page = await ecs.send(
      new ListServiceDeploymentsCommand({ cluster, service, nextToken, maxResults: perPage }),
    );
    found.push(...(page.serviceDeployments ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  const time = ({ createdAt }: ServiceDeploymentBrief) => createdAt?.getTime() ?? 0;
  return found.sort((a, b) => time(b) - time(a));
}

/**
 * The newest service deployment.
 * @returns undefined where ECS keeps none: the service has not been deployed in the last 90 days.
 */
export async function newestServiceDeployment(
  ecs: ECSClient,
  cluster: string,
  service: string,
): Promise<ServiceDeploymentBrief | undefined> {
  return (await serviceDeployments(ecs, cluster, service)).at(0);
}

/** Whether ECS has not finished with it, whatever the service's own description says. */
export function isOpen(deployment: Pick<ServiceDeploymentBrief, "status"> | undefined): boolean {
  return deployment?.status !== undefined && open.includes(deployment.status);
}

/** Whether ECS went back on a service deployment that began at a time or after it. */
export function rolledBackSince(
  deployment: Pick<ServiceDeploymentBrief, "status" | "createdAt"> | undefined,
  since: Date,
): boolean {
  const { status, createdAt } = deployment ?? {};
  const isRolledBack = status === "ROLLBACK_SUCCESSFUL" || status === "ROLLBACK_FAILED";
  return isRolledBack && createdAt !== undefined && createdAt >= since;
}

/** Whether ECS ended a service deployment that began at a time or after it, or is about to, other than well. */
export function goneBackSince(
  deployment: Pick<ServiceDeploymentBrief, "status" | "createdAt">,
  since: Date,
): boolean {
  const { status = "", createdAt } = deployment;
  const isGoing = status.startsWith("ROLLBACK_") || status.startsWith("STOP");
  return isGoing && createdAt !== undefined && createdAt >= since;
}

/** `: an alarm fired`, where ECS gives a reason for its state. */
export function reasonOf({
  statusReason,
  rollback,
}: Pick<ServiceDeployment, "statusReason" | "rollback">): string {
  const reason = statusReason ?? rollback?.reason;
  return reason ? `: ${reason}` : "";
}

/** All that ECS tells about a service deployment. */
export async function describeServiceDeployment(
  ecs: ECSClient,
  serviceDeploymentArn: string | undefined,
): Promise<ServiceDeployment | undefined> {
  if (!serviceDeploymentArn) return undefined;
  const { serviceDeployments = [] } = await ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [serviceDeploymentArn] }),
  );
  return serviceDeployments.at(0);
}

/** Lines for people about how ECS ended a deployment: state, reason, alarms. */
export function outcomeLines(deployment: ServiceDeployment | undefined): string[] {
  if (!deployment) return [];
  const { status, alarms } = deployment;
  const triggered = alarms?.triggeredAlarmNames ?? [];
  return [
    `ECS: the service deployment is ${status ?? "in no state"}${reasonOf(deployment)}`,
    ...(triggered.length > 0 ? [`alarms that fired: ${triggered.join(", ")}`] : []),
  ];
}

/** What is wrong with the alarms that should have watched a deployment. */
export type AlarmFinding = "fired" | "notWatched" | undefined;

/**
 * Whether the alarms watched. ECS deploys without a word past an alarm that does not exist, so its silence is a finding.
 * @param configured names of the service's deployment alarms; none where they are off.
 */
export function alarmFinding(
  configured: readonly string[],
  deployment: Pick<ServiceDeployment, "alarms"> | undefined,
): AlarmFinding {
  if (configured.length === 0) return undefined;
  const { status, alarmNames = [] } = deployment?.alarms ?? {};
  if (status === "TRIGGERED") return "fired";
  const watched = status === "MONITORING" || status === "MONITORING_COMPLETE";
  return watched && configured.every((name) => alarmNames.includes(name))
    ? undefined
    : "notWatched";
}
