import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Where requests of a web service are counted, by the suffixes of the ARNs. */
export interface CountedRequests {
  readonly loadBalancerSuffix: pulumi.Input<string>;
  /** Of each group of which one may serve, or both in the midst of a shift. */
  readonly targetGroupSuffixes: readonly pulumi.Input<string>[];
}

interface CountedMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: {
    readonly LoadBalancer: pulumi.Input<string>;
    readonly TargetGroup: pulumi.Input<string>;
  };
}

/** Requests of a minute by the targets of a group ("CloudWatch metrics for your Application Load Balancer", ELB user guide). */
export function requestMetric(
  { loadBalancerSuffix }: CountedRequests,
  targetGroupSuffix: pulumi.Input<string>,
): CountedMetric {
  return {
    namespace: "AWS/ApplicationELB",
    metricName: "RequestCountPerTarget",
    dimensions: { LoadBalancer: loadBalancerSuffix, TargetGroup: targetGroupSuffix },
  };
}

/** The one statistic that it has, which is the average (the same page). */
export const requestStatistic = "Sum";

/**
 * Requests of a minute that each task answers, whichever group has the tasks. While both have, in a shift, each group's share
 * is of as many tasks as serve in the end: their sum is what one task would answer then. A group without requests has no data.
 */
export function sumOfGroups(requests: CountedRequests) {
  const ids = requests.targetGroupSuffixes.map((_, index) => `group${index + 1}`);
  return {
    counted: requests.targetGroupSuffixes.map((suffix, index) => ({
      id: ids[index],
      metric: requestMetric(requests, suffix),
    })),
    sum: { id: "requests", expression: ids.map((id) => `FILL(${id}, 0)`).join(" + ") },
  };
}

/** What target tracking holds, of two groups: its own metric knows one alone. */
export function trackedSum(
  requests: CountedRequests,
): aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification {
  const { counted, sum } = sumOfGroups(requests);
  return {
    metrics: [
      ...counted.map(({ id, metric: { dimensions, ...metric } }) => ({
        id,
        metricStat: {
          metric: {
            ...metric,
            dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })),
          },
          stat: requestStatistic,
        },
        returnData: false,
      })),
      { ...sum, label: "Requests per task", returnData: true },
    ],
  };
}

/** What an alarm watches, of two groups. */
export function alarmOnSum(
  requests: CountedRequests,
): Pick<aws.cloudwatch.MetricAlarmArgs, "metricQueries"> {
  const { counted, sum } = sumOfGroups(requests);
  return {
    metricQueries: [
      ...counted.map(({ id, metric }) => ({
        id,
        metric: { ...metric, period: 60, stat: requestStatistic },
      })),
      { ...sum, label: "Requests per task", returnData: true },
    ],
  };
}
