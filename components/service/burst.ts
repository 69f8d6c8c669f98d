import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AutoscalingTarget } from "./autoscaling";
import { alarmOnSum, requestMetric, requestStatistic } from "./requestMetric";
import { defaultAddPercent, type BurstArgs } from "./burstArgs";

interface Threshold {
  readonly part: string;
  readonly value: number;
  readonly metric: Pick<
    aws.cloudwatch.MetricAlarmArgs,
    "namespace" | "metricName" | "statistic" | "dimensions" | "metricQueries" | "period"
  >;
  /** What the metric can reach at most; undefined where nothing bounds it. */
  readonly most?: number;
}

/** Adds tasks after one minute of more load than the thresholds say, beside the policies that hold averages: the most tasks win. */
export function scaleOnBurst(
  name: string,
  target: AutoscalingTarget,
  { serviceNamespace, scalableDimension, resourceId }: aws.appautoscaling.Target,
  { burst, cooldownSeconds }: { readonly burst?: BurstArgs; readonly cooldownSeconds: number },
  parent: pulumi.Resource,
): void {
  for (const { part, value, metric, most } of thresholds(target, burst ?? {})) {
    const add = burst?.addPercent ?? defaultAddPercent;
    const policy = new aws.appautoscaling.Policy(
      `${name}-${part}`,
      {
        ...{ serviceNamespace, scalableDimension, resourceId, policyType: "StepScaling" },
        stepScalingPolicyConfiguration: {
          adjustmentType: "PercentChangeInCapacity",
          cooldown: cooldownSeconds,
          metricAggregationType: "Average",
          minAdjustmentMagnitude: 1,
          stepAdjustments: steps(value, add, most),
        },
      },
      { parent },
    );
    new aws.cloudwatch.MetricAlarm(
      `${name}-${part}`,
      {
        ...metric,
        alarmDescription: "More load in one minute than tasks are there for: adds tasks",
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: value,
        ...{ evaluationPeriods: 1, treatMissingData: "notBreaching" },
        alarmActions: [policy.arn],
        tags: target.tags,
      },
      { parent },
    );
  }
}

/** Bounds above the threshold: a lower one is within its step, an upper one is not. */
function steps(threshold: number, add: number, most = Infinity) {
  const [none, twice] = ["0", String(threshold)];
  if (2 * threshold > most) return [{ metricIntervalLowerBound: none, scalingAdjustment: add }];
  return [
    {
      metricIntervalLowerBound: none,
      metricIntervalUpperBound: twice,
      scalingAdjustment: add,
    },
    { metricIntervalLowerBound: twice, scalingAdjustment: 2 * add },
  ];
}

function thresholds(
  { clusterName, serviceName, requests }: AutoscalingTarget,
  { cpuPercent, requestsPerTarget }: BurstArgs,
): Threshold[] {
  const found: Threshold[] = [];
  if (cpuPercent !== undefined) {
    const metric = {
      ...{ namespace: "AWS/ECS", metricName: "CPUUtilization", statistic: "Average", period: 60 },
      dimensions: { ClusterName: clusterName, ServiceName: serviceName },
    };
    found.push({ part: "burstOnCpu", value: cpuPercent, metric, most: 100 });
  }
  if (requestsPerTarget !== undefined && requests !== undefined) {
    const [only, ...others] = requests.targetGroupSuffixes;
    const metric =
      others.length > 0
        ? alarmOnSum(requests)
        : { ...requestMetric(requests, only), statistic: requestStatistic, period: 60 };
    found.push({ part: "burstOnRequests", value: requestsPerTarget, metric });
  }
  return found;
}
