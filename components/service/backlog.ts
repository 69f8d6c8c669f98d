import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags";
import type { ScalingArgs } from "./autoscaling";

/** Queues whose messages decide how many tasks there are. */
export interface BacklogArgs {
  /** Messages, waiting or in work, for which one task is started. */
  readonly perTask: number;
  /** Physical names of the queues: one to five, whose messages count together. */
  readonly queueNames: readonly pulumi.Input<string>[];
}

/** Steps of a policy ("Application Auto Scaling quotas", user guide). */
const mostSteps = 20;
const secondsPerPeriod = 60;

interface Step {
  readonly metricIntervalLowerBound?: string;
  readonly metricIntervalUpperBound?: string;
  readonly scalingAdjustment: number;
}

/**
 * How many tasks which backlog gets: one for each `perTask` messages begun, in at most 20 steps, as bounds above zero. The lower
 * one is within a step, the upper one is not.
 */
export function backlogSteps({
  min,
  max,
  perTask,
}: {
  min: number;
  max: number;
  perTask: number;
}): Step[] {
  const count = Math.min(max, mostSteps);
  const capacities = Array.from({ length: count }, (_, at) => Math.ceil(((at + 1) * max) / count));
  return capacities.map((tasks, at) => ({
    metricIntervalLowerBound: at === 0 ? "0" : String(capacities[at - 1] * perTask + 1),
    ...(at < count - 1 ? { metricIntervalUpperBound: String(tasks * perTask + 1) } : {}),
    scalingAdjustment: Math.max(min, tasks),
  }));
}

interface Alarm {
  readonly part: string;
  readonly description: string;
  readonly comparisonOperator: string;
  readonly periods: number;
  readonly treatMissingData: string;
  readonly steps: readonly Step[];
  readonly cooldown: number;
}

/**
 * Starts as many tasks as the messages of the queues ask for, from none on, and goes back to the least once there are no more.
 * The tasks themselves say nothing here: a figure for each of them cannot be worked out where there is none.
 */
export function scaleOnBacklog(
  name: string,
  { serviceNamespace, scalableDimension, resourceId }: aws.appautoscaling.Target,
  scaling: ScalingArgs & { readonly tags?: Tags },
  cooldowns: { readonly out: number; readonly in: number },
  parent: pulumi.Resource,
): void {
  const { backlog, min, schedule = [] } = scaling;
  if (backlog === undefined) return;
  const max = Math.max(scaling.max, ...schedule.map((entry) => entry.max));
  const ofTarget = { serviceNamespace, scalableDimension, resourceId };
  for (const alarm of alarms({ min, max, perTask: backlog.perTask }, cooldowns)) {
    const policy = new aws.appautoscaling.Policy(
      `${name}-${alarm.part}`,
      {
        ...ofTarget,
        policyType: "StepScaling",
        stepScalingPolicyConfiguration: {
          adjustmentType: "ExactCapacity",
          cooldown: alarm.cooldown,
          metricAggregationType: "Maximum",
          stepAdjustments: [...alarm.steps],
        },
      },
      { parent },
    );
    new aws.cloudwatch.MetricAlarm(
      `${name}-${alarm.part}`,
      {
        alarmDescription: alarm.description,
        comparisonOperator: alarm.comparisonOperator,
        threshold: 0,
        evaluationPeriods: alarm.periods,
        treatMissingData: alarm.treatMissingData,
        metricQueries: backlogQueries(backlog.queueNames),
        alarmActions: [policy.arn],
        tags: scaling.tags,
      },
      { parent },
    );
  }
}

function alarms(
  counts: { readonly min: number; readonly max: number; readonly perTask: number },
  cooldowns: { readonly out: number; readonly in: number },
): Alarm[] {
  return [
    {
      part: "scaleOnBacklog",
      description: "Messages wait or are in work: starts tasks for them",
      comparisonOperator: "GreaterThanThreshold",
      periods: 1,
      treatMissingData: "notBreaching",
      steps: backlogSteps(counts),
      cooldown: cooldowns.out,
    },
    {
      part: "scaleOnEmpty",
      description: "No message waits or is in work: goes back to the least tasks",
      comparisonOperator: "LessThanOrEqualToThreshold",
      periods: Math.max(1, Math.ceil(cooldowns.in / secondsPerPeriod)),
      // SQS sends no figures of a queue that nobody has used for hours.
      treatMissingData: "breaching",
      steps: [{ metricIntervalUpperBound: "0", scalingAdjustment: counts.min }],
      cooldown: cooldowns.in,
    },
  ];
}

/** The messages of all queues, those that wait and those that somebody has received, as one figure. */
function backlogQueries(
  queueNames: readonly pulumi.Input<string>[],
): aws.types.input.cloudwatch.MetricAlarmMetricQuery[] {
  const metrics = queueNames.flatMap((QueueName, index) =>
    ["Visible", "NotVisible"].map((state) => ({
      id: `q${index}${state.toLowerCase()}`,
      metric: {
        namespace: "AWS/SQS",
        metricName: `ApproximateNumberOfMessages${state}`,
        dimensions: { QueueName },
        period: secondsPerPeriod,
        stat: "Maximum",
      },
    })),
  );
  const expression = metrics.map(({ id }) => id).join(" + ");
  return [...metrics, { id: "backlog", label: "Messages", expression, returnData: true }];
}
