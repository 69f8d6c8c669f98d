import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags";
import { scaleOnBacklog, type BacklogArgs } from "./backlog";
import { scaleOnBurst } from "./burst";
import type { BurstArgs } from "./burstArgs";
import { trackedSum, type CountedRequests } from "./requestMetric";
import type { ScheduleArgs } from "./schedule";

export interface ScalingArgs {
  /** Tasks at least. */
  readonly min: number;
  /** Tasks at most. Equal to `min`, nothing scales. */
  readonly max: number;
  /** Average CPU use to hold, 1 to 100 percent of what the task reserves. Without it, CPU scales nothing. */
  readonly cpuPercent?: number;
  /** Average memory use to hold, 1 to 100 percent. Without it, memory scales nothing. */
  readonly memoryPercent?: number;
  /** Requests a minute that each task shall answer, of a web service. Without it, requests scale nothing. */
  readonly requestsPerTarget?: number;
  /** What adds tasks within a minute, beside the averages that are held. Without it, nothing does. */
  readonly burst?: BurstArgs;
  /** Queues whose messages decide, in place of CPU and memory. Without it, no queue does. */
  readonly backlog?: BacklogArgs;
  /** Seconds after a step before the next one: after more tasks were started, and after tasks were stopped. Without it, 30 and 300. */
  readonly cooldownSeconds?: { readonly out?: number; readonly in?: number };
  /**
   * When `min` and `max` become others. `pulumi up` leaves what the last of them has set, but where it changes `min` or
   * `max`, or comes after a refresh: then these hold until the next. Without it, they hold always.
   */
  readonly schedule?: readonly ScheduleArgs[];
}

export interface AutoscalingTarget {
  readonly clusterName: pulumi.Input<string>;
  readonly serviceName: pulumi.Input<string>;
  /** Absent for those that are no web service. */
  readonly requests?: CountedRequests;
  readonly tags?: Tags;
}

/**
 * Seconds after a step before the next. Out at once and in slowly: a minute too few tasks costs requests, five minutes
 * too many cost cents.
 */
const scaleOutCooldownSeconds = 30;
const scaleInCooldownSeconds = 300;

/** Whether autoscaling owns the number of tasks. */
export function scales({ min, max, schedule = [] }: ScalingArgs): boolean {
  return min < max || schedule.length > 0;
}

/** The tasks that a service has whatever the time: the least `min` of all. */
export function leastTasks({ min, schedule = [] }: Pick<ScalingArgs, "min" | "schedule">): number {
  return Math.min(min, ...schedule.map((entry) => entry.min));
}

/** Keeps each metric asked for at its target, by the number of tasks, within what the schedule says. */
export function autoscaling(
  name: string,
  target: AutoscalingTarget,
  scaling: ScalingArgs,
  parent: pulumi.Resource,
): void {
  const scalable = new aws.appautoscaling.Target(
    `${name}-scaling`,
    {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: pulumi.interpolate`service/${target.clusterName}/${target.serviceName}`,
      minCapacity: scaling.min,
      maxCapacity: scaling.max,
      tags: target.tags,
    },
    { parent },
  );
  const cooldowns = {
    out: scaling.cooldownSeconds?.out ?? scaleOutCooldownSeconds,
    in: scaling.cooldownSeconds?.in ?? scaleInCooldownSeconds,
  };
  for (const { part, value, specification } of targets(target, scaling)) {
    new aws.appautoscaling.Policy(
      `${name}-${part}`,
      {
        policyType: "TargetTrackingScaling",
        serviceNamespace: scalable.serviceNamespace,
        scalableDimension: scalable.scalableDimension,
        resourceId: scalable.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          targetValue: value,
          ...specification,
          scaleOutCooldown: cooldowns.out,
          scaleInCooldown: cooldowns.in,
        },
      },
      { parent },
    );
  }
  const burst = { burst: scaling.burst, cooldownSeconds: cooldowns.out };
  scaleOnBurst(name, target, scalable, burst, parent);
  scaleOnBacklog(name, scalable, { ...scaling, tags: target.tags }, cooldowns, parent);
  scheduled(name, scalable, scaling.schedule ?? [], parent);
}

function scheduled(
  name: string,
  { serviceNamespace, scalableDimension, resourceId }: aws.appautoscaling.Target,
  schedule: readonly ScheduleArgs[],
  parent: pulumi.Resource,
): void {
  schedule.forEach(({ at, min, max, timezone = "UTC" }, index) => {
    new aws.appautoscaling.ScheduledAction(
      `${name}-schedule${index + 1}`,
      {
        ...{ serviceNamespace, scalableDimension, resourceId, schedule: at, timezone },
        scalableTargetAction: { minCapacity: min, maxCapacity: max },
      },
      { parent },
    );
  });
}

interface TargetMetric {
  readonly part: string;
  readonly value: number;
  readonly specification: Pick<
    aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration,
    "predefinedMetricSpecification" | "customizedMetricSpecification"
  >;
}

function targets({ requests }: AutoscalingTarget, scaling: ScalingArgs): TargetMetric[] {
  const found: TargetMetric[] = [];
  // They would stop tasks that wait for something, which the backlog starts again at once.
  if (scaling.backlog !== undefined) return found;
  if (scaling.cpuPercent !== undefined) {
    const specification = predefined("ECSServiceAverageCPUUtilization");
    found.push({ part: "scaleOnCpu", value: scaling.cpuPercent, specification });
  }
  if (scaling.memoryPercent !== undefined) {
    const specification = predefined("ECSServiceAverageMemoryUtilization");
    found.push({ part: "scaleOnMemory", value: scaling.memoryPercent, specification });
  }
  if (scaling.requestsPerTarget !== undefined && requests !== undefined) {
    const specification = requestsPerTarget(requests);
    found.push({ part: "scaleOnRequests", value: scaling.requestsPerTarget, specification });
  }
  return found;
}

function predefined(
  predefinedMetricType: string,
  resourceLabel?: pulumi.Input<string>,
): TargetMetric["specification"] {
  return { predefinedMetricSpecification: { predefinedMetricType, resourceLabel } };
}

function requestsPerTarget(requests: CountedRequests): TargetMetric["specification"] {
  const { loadBalancerSuffix, targetGroupSuffixes } = requests;
  const [only, ...others] = targetGroupSuffixes;
  return others.length > 0
    ? { customizedMetricSpecification: trackedSum(requests) }
    : predefined("ALBRequestCountPerTarget", pulumi.interpolate`${loadBalancerSuffix}/${only}`);
}
