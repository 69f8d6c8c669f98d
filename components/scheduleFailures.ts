import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { deadLettersAlarm, longestRetentionDays, secondsPerDay } from "./queue/deadLetters";
import { queuePolicy } from "./queue/policy";
import type { Tags } from "./shared/tags";

export interface ScheduleFailuresArgs {
  /** Physical name of the queue, at most 80 characters. */
  readonly queueName: string;
  /** ARNs of what is told. Without it, the alarm shows in CloudWatch alone. */
  readonly alarmActions?: readonly pulumi.Input<string>[];
  readonly tags?: Tags;
}

/**
 * Where EventBridge Scheduler puts what it could not start: a dead-letter queue for the schedules of an environment, which keeps each for 14
 * days with the schedule, the error and its text as attributes; and an alarm for as long as one is there. Nobody else would hear of a job
 * that did not even begin. It is encrypted with SQS's own key, and holds no data.
 *
 * It costs 0.10 USD a month for the alarm ("Amazon CloudWatch pricing", us-east-1).
 *
 * @example
 * new ScheduleFailures("shop", { queueName: "shop-schedules-dead" });
 * @example
 * new ScheduleFailures("shop", { queueName: "shop-schedules-dead", alarmActions: [alarms.arn], tags: { team: "shop" } });
 */
export class ScheduleFailures extends pulumi.ComponentResource {
  readonly queueArn: pulumi.Output<string>;
  readonly queueUrl: pulumi.Output<string>;

  constructor(name: string, args: ScheduleFailuresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:ScheduleFailures", name, {}, opts);
    const { alarmActions, queueName, tags } = args;
    const part = `${name}-schedules-dead`;
    const queue = new aws.sqs.Queue(
      part,
      {
        name: queueName,
        sqsManagedSseEnabled: true,
        messageRetentionSeconds: longestRetentionDays * secondsPerDay,
        tags,
      },
      { parent: this },
    );
    new aws.sqs.QueuePolicy(
      `${part}-policy`,
      { queueUrl: queue.url, policy: queuePolicy(queue.arn, undefined) },
      { parent: this },
    );
    deadLettersAlarm(
      part,
      {
        description:
          "Something did not start when its schedule said so: the dead-letter queue says what, and why",
        ...{ queueName: queue.name, alarmActions, tags },
      },
      this,
    );
    this.queueArn = queue.arn;
    this.queueUrl = queue.url;
    this.registerOutputs({ queueArn: this.queueArn, queueUrl: this.queueUrl });
  }
}
