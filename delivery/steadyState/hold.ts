import {
  ContinueServiceDeploymentCommand,
  type DeploymentLifecycleHookAction,
  type ECSClient,
  type Service,
  type ServiceDeployment,
  type ServiceRevisionSummary,
} from "@aws-sdk/client-ecs";
import { isNamed } from "../errors";
import { describeServiceDeployment } from "./serviceDeployment";

/** A service whose new tasks run beside the old ones, and get no request until somebody answers. */
export interface HeldService {
  /** As config calls it. */
  readonly service: string;
  readonly serviceDeploymentArn: string;
  readonly hookId: string;
  /** When ECS goes back, where nobody has answered. */
  readonly expiresAt?: Date;
  /** ARN of what the new tasks run. */
  readonly taskDefinition: string;
}

/** Whether new tasks of a service come up beside the old ones, and requests go over to them. */
export function isShifting(service: Pick<Service, "deploymentConfiguration"> | undefined): boolean {
  const strategy = service?.deploymentConfiguration?.strategy;
  return strategy !== undefined && strategy !== "ROLLING";
}

/** Where a service deployment waits for an answer. Undefined where it does not. */
export function waitingHook(
  deployment: Pick<ServiceDeployment, "status" | "lifecycleHookDetails"> | undefined,
): { readonly hookId: string; readonly expiresAt?: Date } | undefined {
  if (deployment?.status !== "IN_PROGRESS") return undefined;
  const hook = deployment.lifecycleHookDetails?.find(
    ({ targetType, status }) => targetType === "PAUSE" && status === "AWAITING_ACTION",
  );
  return hook?.hookId === undefined
    ? undefined
    : { hookId: hook.hookId, expiresAt: hook.expiresAt };
}

/**
 * Answers a service deployment that waits.
 * @returns whether it still did: somebody else may have answered, or its time was over.
 */
export async function answerHook(
  ecs: ECSClient,
  { serviceDeploymentArn, hookId }: Pick<HeldService, "serviceDeploymentArn" | "hookId">,
  action: DeploymentLifecycleHookAction,
): Promise<boolean> {
  try {
    await ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action }));
    return true;
  } catch (error) {
    if (!refusals.some((name) => isNamed(error, name))) throw error;
    // AWS does not say which of its errors means that: what it shows does.
    const deployment = await describeServiceDeployment(ecs, serviceDeploymentArn);
    if (waitingHook(deployment)?.hookId === hookId) throw error;
    return false;
  }
}

const refusals = ["InvalidParameterException", "ClientException", "ConflictException"];

/** Whether requests come to a service at all, by a load balancer or by Service Connect: a worker has none to lead over. */
export function takesRequests({
  loadBalancers = [],
  deployments = [],
}: Pick<Service, "deployments" | "loadBalancers">): boolean {
  const connected = deployments.flatMap(
    ({ serviceConnectConfiguration: connect }) =>
      (connect?.enabled ? connect.services : undefined) ?? [],
  );
  return loadBalancers.length > 0 || connected.length > 0;
}

/**
 * Where a deployment is that shifts requests, for people: `POST_TEST_TRAFFIC_SHIFT, 0 % of the requests and 100 % of the test
 * requests go to the new tasks, waits for an answer until 2026-01-31T12:30:00.000Z`. Nothing of requests where none come.
 */
export function stageText(
  deployment: Pick<
    ServiceDeployment,
    "status" | "lifecycleStage" | "lifecycleHookDetails" | "targetServiceRevision"
  >,
  service: Parameters<typeof takesRequests>[0],
): string {
  const { status, lifecycleStage, targetServiceRevision } = deployment;
  const hook = waitingHook(deployment);
  const until = hook?.expiresAt ? ` until ${hook.expiresAt.toISOString()}` : "";
  return [
    lifecycleStage ?? status ?? "in no state",
    takesRequests(service) ? weightsText(targetServiceRevision) : "",
    hook ? `waits for an answer${until}` : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function weightsText(revision: ServiceRevisionSummary | undefined): string {
  const production = revision?.requestedProductionTrafficWeight;
  const test = revision?.requestedTestTrafficWeight;
  if (production === undefined) return "";
  const ofTest = test === undefined ? "" : ` and ${test} % of the test requests`;
  return `${production} % of the requests${ofTest} go to the new tasks`;
}
