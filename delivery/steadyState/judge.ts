import type { Deployment, Service } from "@aws-sdk/client-ecs";
import type { HeldService } from "./hold";

/** What a description of a service means for who waits for a deployment. */
export type Verdict =
  /** The expected task definition runs everywhere, and ECS calls its deployment completed. */
  | { readonly state: "completed"; readonly text: string }
  | { readonly state: "waiting"; readonly text: string }
  /** The new tasks run, and ECS waits for an answer before it gives them requests. */
  | { readonly state: "held"; readonly text: string; readonly held: HeldService }
  | {
      readonly state: "failed";
      readonly text: string;
      /**
       * Whether it rests on what is there, and not on what ECS says became of the deployment: an answer of a moment ago
       * says the same, so it counts when it is seen again. Default: no.
       */
      readonly isToBeSeenAgain?: boolean;
    };

/** Whether a task definition is the one that is waited for. */
export type IsExpected = (taskDefinitionArn: string) => boolean;

/**
 * Judges a service. Another task definition in the PRIMARY deployment than the expected one is a failure however steady
 * the service is: the circuit breaker, an alarm or somebody else put it there.
 * @param service undefined where ECS does not know it.
 */
export function judge(service: Service | undefined, isExpected: IsExpected): Verdict {
  if (!service) return suspect("the service is gone: it was deleted while its deployment ran");
  if (service.status !== "ACTIVE") {
    return suspect(`the service is ${service.status ?? "in no state"}: it was deleted`);
  }
  const deployments = service.deployments ?? [];
  const primary = primaryOf(service);
  if (!primary) return suspect("the service has no PRIMARY deployment: it vanished");
  const running = primary.taskDefinition ?? "";
  if (!isExpected(running)) {
    const ours = deployments.find(({ taskDefinition = "" }) => isExpected(taskDefinition));
    return suspect(
      `${shortName(running)} has taken its place: ECS rolled back, or somebody else deployed` +
        (ours?.rolloutStateReason ? ` (${ours.rolloutStateReason})` : ""),
    );
  }
  if (primary.rolloutState === "FAILED") {
    return failed(
      `the deployment of ${shortName(running)} failed: ${primary.rolloutStateReason ?? "ECS gives no reason"}. ` +
        "ECS had nothing to roll back to, or was not to",
    );
  }
  const text = progressText(service, primary);
  return isSteady(service, primary) ? { state: "completed", text } : { state: "waiting", text };
}

export function primaryOf({ deployments = [] }: Service): Deployment | undefined {
  return deployments.find(({ status }) => status === "PRIMARY");
}

/** `family:revision` of a task definition's ARN. */
export function shortName(taskDefinitionArn: string): string {
  return taskDefinitionArn.split("/").at(-1) || "no task definition";
}

function isSteady(service: Service, primary: Deployment): boolean {
  const others = (service.deployments ?? []).filter((deployment) => deployment !== primary);
  return (
    primary.rolloutState === "COMPLETED" &&
    service.runningCount === service.desiredCount &&
    primary.runningCount === primary.desiredCount &&
    others.every(({ runningCount = 0 }) => runningCount === 0)
  );
}

/** Such as `1 of 2 tasks of shop-web:17 run, 1 starts; 2 old ones still run`. */
function progressText(service: Service, primary: Deployment): string {
  const { runningCount = 0, desiredCount = 0, pendingCount = 0, failedTasks = 0 } = primary;
  const old = (service.runningCount ?? 0) - runningCount;
  const parts = [
    `${runningCount} of ${desiredCount} tasks of ${shortName(primary.taskDefinition ?? "")} run`,
    pendingCount > 0 ? `${pendingCount} pending` : "",
    failedTasks > 0 ? `${failedTasks} failed` : "",
    old > 0 ? `${old} of earlier ones still run` : "",
  ].filter((part) => part !== "");
  return `${parts.join(", ")}; the deployment is ${primary.rolloutState ?? "in no state"}`;
}

function failed(text: string): Verdict {
  return { state: "failed", text };
}

function suspect(text: string): Verdict {
  return { state: "failed", text, isToBeSeenAgain: true };
}
