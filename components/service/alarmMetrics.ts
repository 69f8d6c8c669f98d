import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { CountedRequests } from "./requestMetric";

type Queries = aws.types.input.cloudwatch.MetricAlarmMetricQuery[];

/** What an alarm looks at, and from when on it fires. */
export type Watched = Pick<
  aws.cloudwatch.MetricAlarmArgs,
  | "metricQueries"
  | "comparisonOperator"
  | "threshold"
  | "thresholdMetricId"
  | "evaluationPeriods"
  | "datapointsToAlarm"
  | "alarmDescription"
>;

/** Minutes with fewer requests count as without an error: one answer would decide. */
const leastRequests = 20;
/** How far from what is expected counts, in standard deviations: CloudWatch's default is 2, at which one minute of twenty fires. */
const deviations = 3;

const periodSeconds = 60;

/** Answers of 500 and above in percent, whichever group has the tasks. */
export function errorRate(requests: CountedRequests, percent: number): Watched {
  const counted = ofGroups(requests, "RequestCount", "Sum", "requests");
  const failed = ofGroups(requests, "HTTPCode_Target_5XX_Count", "Sum", "errors");
  const [all, errors] = [sum(counted), sum(failed)];
  const expression = `IF(${all} >= ${leastRequests}, 100 * (${errors}) / (${all}), 0)`;
  return {
    alarmDescription: `More than ${percent} % of the answers are errors (500 and above)`,
    metricQueries: [
      ...counted,
      ...failed,
      { id: "percent", label: "Errors in percent", expression, returnData: true },
    ],
    ...{ comparisonOperator: "GreaterThanThreshold", threshold: percent },
    ...{ evaluationPeriods: 3, datapointsToAlarm: 2 },
  };
}

/** How long 95 of 100 requests take at most, by a bound or by the service's own past. */
export function latency(requests: CountedRequests, seconds: number | undefined): Watched {
  const each = ofGroups(requests, "TargetResponseTime", "p95", "p95of");
  const slowest = `MAX([${each.map(({ id }) => id).join(", ")}])`;
  const queries: Queries = [
    ...each,
    { id: "p95", label: "Seconds (p95)", expression: slowest, returnData: true },
  ];
  const minutes = { evaluationPeriods: 3, datapointsToAlarm: 3 };
  if (seconds !== undefined) {
    return {
      alarmDescription: `More than 5 of 100 requests take longer than ${seconds} s`,
      metricQueries: queries,
      ...{ comparisonOperator: "GreaterThanThreshold", threshold: seconds },
      ...minutes,
    };
  }
  const band = `ANOMALY_DETECTION_BAND(p95, ${deviations})`;
  return {
    alarmDescription: "Requests take longer than they did at such times before (p95)",
    metricQueries: [
      ...queries,
      { id: "expected", label: "Expected", expression: band, returnData: true },
    ],
    ...{ comparisonOperator: "GreaterThanUpperThreshold", thresholdMetricId: "expected" },
    ...minutes,
  };
}

/** Tasks that fail the load balancer's checks. */
export function unhealthyHosts(requests: CountedRequests): Watched {
  const each = ofGroups(requests, "UnHealthyHostCount", "Maximum", "unhealthy");
  return {
    alarmDescription: "Tasks fail the load balancer's health check",
    metricQueries: [
      ...each,
      { id: "tasks", label: "Unhealthy tasks", expression: sum(each), returnData: true },
    ],
    ...{ comparisonOperator: "GreaterThanThreshold", threshold: 0 },
    ...{ evaluationPeriods: 3, datapointsToAlarm: 3 },
  };
}

/** Tasks that should run and do not, by Container Insights. While new tasks run beside old ones there are more than should. */
export function missingTasks(
  clusterName: pulumi.Input<string>,
  serviceName: pulumi.Input<string>,
): Watched {
  const dimensions = { ClusterName: clusterName, ServiceName: serviceName };
  const counted = ["DesiredTaskCount", "RunningTaskCount"].map((metricName, index) => ({
    id: ["desired", "running"][index],
    metric: {
      ...{ namespace: "ECS/ContainerInsights", metricName, dimensions },
      ...{ period: periodSeconds, stat: "Average" },
    },
  }));
  return {
    alarmDescription: "Fewer tasks run than should: they stop, or cannot start",
    metricQueries: [
      ...counted,
      { id: "missing", label: "Missing tasks", expression: "desired - running", returnData: true },
    ],
    ...{ comparisonOperator: "GreaterThanThreshold", threshold: 0 },
    ...{ evaluationPeriods: 5, datapointsToAlarm: 5 },
  };
}

/** A metric of each group of a load balancer ("CloudWatch metrics for your Application Load Balancer", ELB user guide). */
function ofGroups(
  { loadBalancerSuffix, targetGroupSuffixes }: CountedRequests,
  metricName: string,
  stat: string,
  id: string,
) {
  return targetGroupSuffixes.map((suffix, index) => ({
    id: `${id}${index + 1}`,
    metric: {
      ...{ namespace: "AWS/ApplicationELB", metricName, period: periodSeconds, stat },
      dimensions: { LoadBalancer: loadBalancerSuffix, TargetGroup: suffix },
    },
  }));
}

/** A group without requests has no data. */
function sum(queries: readonly { readonly id: string }[]): string {
  return queries.map(({ id }) => `FILL(${id}, 0)`).join(" + ");
}
