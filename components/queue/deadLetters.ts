import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags";

/** As long as SQS keeps a message: 14 days ("Amazon SQS message quotas", SQS developer guide). */
export const longestRetentionDays = 14;
export const secondsPerDay = 86_400;

export interface DeadLettersAlarmArgs {
  /** What it tells. */
  readonly description: string;
  /** Physical name of the dead-letter queue. */
  readonly queueName: pulumi.Input<string>;
  /** ARNs of what is told. Without it, it shows in CloudWatch alone. */
  readonly alarmActions?: readonly pulumi.Input<string>[];
  readonly tags?: Tags;
}

/** An alarm for as long as anything is in a dead-letter queue. */
export function deadLettersAlarm(
  name: string,
  { description, queueName, alarmActions, tags }: DeadLettersAlarmArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    `${name}-deadLetters`,
    {
      alarmDescription: description,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queueName },
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      // SQS sends no figures of a queue that nobody has used for hours.
      treatMissingData: "notBreaching",
      alarmActions: alarmActions && [...alarmActions],
      tags,
    },
    { parent },
  );
}
