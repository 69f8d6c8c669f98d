import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** What an alarm looks at, and from when on it fires. */
export type ObservedAlarm = Omit<
  aws.cloudwatch.MetricAlarmArgs,
  "name" | "alarmActions" | "okActions" | "tags"
>;

export type Dimensions = Readonly<Record<string, pulumi.Input<string>>>;

/** A metric as CloudWatch has it: alarms and the dashboard name each here alone. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Dimensions;
  /** As `Average`, `Maximum` or `p95`. */
  readonly statistic: string;
}

type Queries = aws.types.input.cloudwatch.MetricAlarmMetricQuery[];

/** For as many minutes in a row. */
export function aboveFor(minutes: number, metric: Metric, threshold: number): ObservedAlarm {
  return { ...watched(metric), ...crossing("GreaterThanThreshold", minutes, threshold) };
}

export function belowFor(minutes: number, metric: Metric, threshold: number): ObservedAlarm {
  return { ...watched(metric), ...crossing("LessThanThreshold", minutes, threshold) };
}

/** What several metrics come to, for as many minutes in a row. */
export function expressionAboveFor(
  minutes: number,
  metrics: Readonly<Record<string, Metric>>,
  { label, expression, threshold }: { label: string; expression: string; threshold: number },
): ObservedAlarm {
  const counted: Queries = Object.entries(metrics).map(([id, { statistic, ...metric }]) => ({
    id,
    metric: { ...metric, period: 60, stat: statistic },
  }));
  return {
    metricQueries: [...counted, { id: "watched", label, expression, returnData: true }],
    ...crossing("GreaterThanThreshold", minutes, threshold),
  };
}

/** What is counted when it happens, and has no figures otherwise: then all is well. */
export function onAny(metric: Metric): ObservedAlarm {
  return {
    ...watched(metric),
    ...{ period: 300, evaluationPeriods: 1, comparisonOperator: "GreaterThanThreshold" },
    ...{ threshold: 0, treatMissingData: "notBreaching" },
  };
}

function watched({ namespace, metricName, dimensions, statistic }: Metric): Partial<ObservedAlarm> {
  return { namespace, metricName, dimensions, statistic, period: 60 };
}

/** Without data nothing is known, which is not good (decision 39). */
function crossing(comparisonOperator: string, minutes: number, threshold: number) {
  return {
    ...{ comparisonOperator, threshold, treatMissingData: "missing" },
    ...{ evaluationPeriods: minutes, datapointsToAlarm: minutes },
  };
}
