import type * as aws from "@pulumi/aws";
import { shifts, type DeploymentStrategy } from "../../contract/deploymentStrategy";
import { shiftTimes, type ShiftTimes } from "./strategies";

/** How a service exchanges its tasks. */
export interface DeploymentArgs extends ShiftTimes {
  /**
   * `rolling`: a new task is healthy before an old one leaves. `recreate`, for what must not run twice: ECS stops the old
   * tasks before it starts new ones, and nobody answers meanwhile. `blueGreen`, `canary` and `linear`: all new tasks come up
   * beside the old ones, and then requests go over to them at once, a share first, or in equal steps; a `worker` has
   * `blueGreen` alone of these. Without it, `rolling`.
   */
  readonly strategy?: DeploymentStrategy;
  /**
   * Minutes for which the old tasks stay after all requests went over, 0 to 1440. With `blueGreen`, `canary` and `linear`.
   * Without it, 5.
   */
  readonly bakeMinutes?: number;
  /**
   * Percent of the requests that go over: first (`canary`, 0.1 to 100), or with each step (`linear`, 3 to 100), in steps of
   * 0.1. Without it, 5 and 10.
   */
  readonly stepPercent?: number;
  /** Minutes until the rest follows (`canary`) or the next step (`linear`), 0 to 1440. Without it, 5 and 3. */
  readonly stepMinutes?: number;
  /**
   * Whether what it runs is not verified yet. Then `pulumi up` refuses to change it where its deployments shift requests, or
   * did: nobody would verify what users would meet. Without it, it is changed.
   */
  readonly unverified?: boolean;
  /** Waits, before the first request goes over, for somebody's answer. Without it, nobody is asked. */
  readonly hold?: HoldArgs;
}

/** A deployment that waits with its new tasks healthy, and no request led to them but those of the test rule. */
export interface HoldArgs {
  /** After so many minutes without an answer ECS goes back to the old tasks, 1 to 20160. */
  readonly timeoutMinutes: number;
  /**
   * Who answers: `update`, and `pulumi up` says yes as soon as it is asked, and waits until the deployment has ended; or
   * `delivery`, and `pulumi up` does not wait.
   */
  readonly answeredBy: "update" | "delivery";
}

/** The strategies by the names of the ECS API. */
export const strategyNames = {
  blueGreen: "BLUE_GREEN",
  canary: "CANARY",
  linear: "LINEAR",
  recreate: "ROLLING",
  rolling: "ROLLING",
} as const satisfies Record<DeploymentStrategy, string>;

/**
 * The stage at whose end a deployment is held: its tasks are healthy and the test rule leads to them, and nothing else does
 * ("Lifecycle stages for Amazon ECS service deployments", ECS developer guide).
 */
const heldAfter = "POST_TEST_TRAFFIC_SHIFT";

/** The settings of an ECS service by which it goes so. */
export function deploymentSettings(args: DeploymentArgs) {
  const { strategy = "rolling" } = args;
  const isRecreate = strategy === "recreate";
  // The API takes it for rolling deployments alone ("DeploymentCircuitBreaker", ECS API reference).
  const breaks = !shifts(strategy);
  return {
    deploymentMinimumHealthyPercent: isRecreate ? 0 : 100,
    deploymentMaximumPercent: isRecreate ? 100 : 200,
    // It moves a task by starting another first, which 100 percent do not allow ("Balancing an Amazon ECS service across
    // Availability Zones", ECS developer guide). An update that does not say it leaves it as it was.
    availabilityZoneRebalancing: isRecreate ? "DISABLED" : "ENABLED",
    // Both are said where they are off, too: what an update does not say stays as it was.
    deploymentCircuitBreaker: { enable: breaks, rollback: breaks },
    deploymentConfiguration: strategySettings(strategy, args),
  } satisfies Partial<aws.ecs.ServiceArgs>;
}

function strategySettings(
  strategy: DeploymentStrategy,
  args: DeploymentArgs,
): aws.types.input.ecs.ServiceDeploymentConfiguration {
  if (!shifts(strategy)) return { strategy: strategyNames[strategy] };
  const { bakeMinutes, stepPercent, stepMinutes } = shiftTimes(strategy, args);
  return {
    strategy: strategyNames[strategy],
    bakeTimeInMinutes: String(bakeMinutes),
    ...(strategy === "canary"
      ? {
          canaryConfiguration: {
            canaryPercent: stepPercent,
            canaryBakeTimeInMinutes: String(stepMinutes),
          },
        }
      : {}),
    ...(strategy === "linear"
      ? { linearConfiguration: { stepPercent, stepBakeTimeInMinutes: String(stepMinutes) } }
      : {}),
    ...(args.hold ? { lifecycleHooks: [pause(args.hold)] } : {}),
  };
}

function pause({
  timeoutMinutes,
}: HoldArgs): aws.types.input.ecs.ServiceDeploymentConfigurationLifecycleHook {
  return {
    targetType: "PAUSE",
    lifecycleStages: [heldAfter],
    timeoutConfiguration: { timeoutInMinutes: String(timeoutMinutes), action: "ROLLBACK" },
  };
}
