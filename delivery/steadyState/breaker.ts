import type { Deployment, ECSClient, Service, TaskStopCode } from "@aws-sdk/client-ecs";
import { failedTasks } from "../explain/tasks";

/**
 * Tasks of a deployment that may fail before it is given up, as ECS's own circuit breaker counts them, which it has for
 * rolling deployments alone ("Failure threshold" of "How the Amazon ECS deployment circuit breaker detects failures", Amazon
 * ECS developer guide).
 */
export function failureLimit(desiredCount: number): number {
  return Math.min(200, Math.max(3, Math.ceil(desiredCount / 2)));
}

/**
 * How many tasks of a deployment have failed, at least. ECS's own count of them starts again with each task that runs, also
 * where it is stopped soon after, so those that stopped are counted as well. ECS remembers them for an hour.
 */
export async function failuresOf(
  ecs: ECSClient,
  cluster: string,
  { serviceName = "" }: Pick<Service, "serviceName">,
  deployment: Deployment,
): Promise<number> {
  const since = deployment.createdAt ?? new Date(0);
  const stopped = await failedTasks(ecs, cluster, serviceName, since);
  const own = stopped.filter(
    ({ startedBy, stopCode }) => startedBy === deployment.id && !isTakenAway(stopCode),
  );
  return Math.max(own.length, deployment.failedTasks ?? 0);
}

/** A host that leaves and a person who stops a task say nothing of what it ran. */
function isTakenAway(stopCode: TaskStopCode | undefined): boolean {
  return (
    stopCode === "SpotInterruption" ||
    stopCode === "TerminationNotice" ||
    stopCode === "UserInitiated"
  );
}
