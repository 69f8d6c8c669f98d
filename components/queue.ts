import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketRules, sendTo, type QueueBucketArgs } from "./queue/bucketEvents";
import { deadLettersAlarm, longestRetentionDays, secondsPerDay } from "./queue/deadLetters";
import { queueFaults } from "./queue/faults";
import { queuePolicy, type QueueSender } from "./queue/policy";
import type { Tags } from "./shared/tags";
import { refuse } from "./shared/validation";

/** What a queue takes of a topic. */
export interface QueueTopicArgs {
  readonly topicArn: pulumi.Input<string>;
  /** Which messages, as SNS writes filter policies: `{ event: ["placed", "paid"] }`. Without it, all. */
  readonly filter?: Readonly<Record<string, unknown>>;
  /** What the filter looks at: the attributes of a message, or its body, which is JSON then. Without it, `attributes`. */
  readonly filterScope?: "attributes" | "body";
}

export interface QueueArgs {
  /** Physical name, without `.fifo`, at most 70 characters: the dead-letter queue's is made of it. */
  readonly queueName: string;
  /** Without it, whoever has the right sends to the queue itself. */
  readonly topic?: QueueTopicArgs;
  /** A bucket whose events it takes, in place of a topic's messages. Without it, none. */
  readonly bucket?: QueueBucketArgs;
  /** Whether messages keep their order within a group, and none comes twice; a topic must be FIFO then. Without it, no. */
  readonly fifo?: boolean;
  /** How often a message is received before it goes to the dead-letter queue, 1 to 1000. Without it, 5. */
  readonly deadLetterAfter?: number;
  /** Seconds for which a message that was received is hidden from others, 0 to 43200. Without it, 30. */
  readonly visibilityTimeoutSeconds?: number;
  /** Days that a message waits at most, 1 to 14. Without it, 4; in the dead-letter queue always 14. */
  readonly retentionDays?: number;
  /** ARNs of what is told when a message is in the dead-letter queue. Without it, the alarm shows in CloudWatch alone. */
  readonly alarmActions?: readonly pulumi.Input<string>[];
  /**
   * The KMS key of its messages, by which SNS (`sns.amazonaws.com`), with `bucket` EventBridge (`events.amazonaws.com`), and whoever
   * sends or receives must be let: what these two may not encrypt is lost without a word. Without it, SQS's own.
   */
  readonly keyArn?: pulumi.Input<string>;
  readonly tags?: Tags;
}

/**
 * An SQS queue with its dead-letter queue, and an alarm for as long as anything is in that. Both are encrypted with SQS's own key,
 * under which SNS and EventBridge may deliver, unless they have another; they refuse whoever comes without TLS; into the queue
 * sends its topic or bucket alone, beside the account's own roles that are allowed to. `protect` keeps Pulumi from deleting or replacing the two queues, which hold messages.
 *
 * It costs 0.40 USD for a million requests (0.50 for FIFO), a waiting consumer's long polls among them, and 0.10 USD a month for the alarm.
 * Events of a bucket cost nothing more.
 *
 * @example
 * new Queue("mails", { queueName: "shop-staging-mails" });
 * @example
 * new Queue("imports", { queueName: "shop-staging-imports",
 *   bucket: { bucketName: uploads.bucketName, events: ["created", "deleted"], prefix: "incoming/", suffix: ".csv" } });
 * @example
 * new Queue("orders", { queueName: "shop-staging-orders", fifo: true, deadLetterAfter: 3, visibilityTimeoutSeconds: 120,
 *   retentionDays: 14, topic: { topicArn: topic.topicArn, filter: { event: ["placed"] } }, alarmActions: [alarms.arn],
 *   keyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef", tags: { team: "shop" } }, { protect: true });
 */
export class Queue extends pulumi.ComponentResource {
  readonly queueUrl: pulumi.Output<string>;
  readonly queueArn: pulumi.Output<string>;
  /** Physical name, with `.fifo` where it is one: the dimension of its metrics. */
  readonly queueName: pulumi.Output<string>;
  readonly deadLetterQueueUrl: pulumi.Output<string>;
  readonly deadLetterQueueArn: pulumi.Output<string>;
  /** Physical name of the dead-letter queue. */
  readonly deadLetterQueueName: pulumi.Output<string>;
  /** Of the alarm for as long as anything is in the dead-letter queue. */
  readonly deadLetterAlarmName: pulumi.Output<string>;

  constructor(name: string, args: QueueArgs, opts?: pulumi.ComponentResourceOptions) {
    // What is protected says so itself: policies and alarms hold nothing.
    super("gantry:index:Queue", name, {}, { ...opts, protect: false });
    refuse(this, "Queue", queueFaults(args));
    const kept = { parent: this, protect: opts?.protect };
    const dead = this.queue(`${name}-dead`, args, { suffix: "-dead" }, kept);
    const queue = this.queue(name, args, { suffix: "", dead }, kept);
    this.policy(`${name}-dead`, dead);
    this.fill(name, args, queue);
    const alarm = deadLettersAlarm(
      name,
      {
        description: "Messages that nobody could process wait in the dead-letter queue",
        ...{ queueName: dead.name, alarmActions: args.alarmActions, tags: args.tags },
      },
      this,
    );

    this.queueUrl = queue.url;
    this.queueArn = queue.arn;
    this.queueName = queue.name;
    this.deadLetterQueueUrl = dead.url;
    this.deadLetterQueueArn = dead.arn;
    this.deadLetterQueueName = dead.name;
    this.deadLetterAlarmName = alarm.name;
    this.registerOutputs({
      queueUrl: this.queueUrl,
      queueArn: this.queueArn,
      deadLetterQueueUrl: this.deadLetterQueueUrl,
    });
  }

  private queue(
    name: string,
    args: QueueArgs,
    { suffix, dead }: { suffix: string; dead?: aws.sqs.Queue },
    kept: pulumi.CustomResourceOptions,
  ): aws.sqs.Queue {
    const { deadLetterAfter = 5, fifo = false, keyArn, retentionDays = 4, tags } = args;
    return new aws.sqs.Queue(
      name,
      {
        name: `${args.queueName}${suffix}${fifo ? ".fifo" : ""}`,
        ...(fifo ? { fifoQueue: true, contentBasedDeduplication: true } : {}),
        ...(keyArn === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: keyArn }),
        visibilityTimeoutSeconds: args.visibilityTimeoutSeconds ?? 30,
        messageRetentionSeconds: (dead ? retentionDays : longestRetentionDays) * secondsPerDay,
        redrivePolicy:
          dead &&
          pulumi.jsonStringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: deadLetterAfter }),
        tags,
      },
      kept,
    );
  }

  private policy(name: string, queue: aws.sqs.Queue, sender?: QueueSender): aws.sqs.QueuePolicy {
    return new aws.sqs.QueuePolicy(
      `${name}-policy`,
      { queueUrl: queue.url, policy: queuePolicy(queue.arn, sender) },
      { parent: this },
    );
  }

  private fill(name: string, { bucket, tags, topic }: QueueArgs, queue: aws.sqs.Queue): void {
    if (bucket !== undefined) {
      const rules = bucketRules(name, bucket, tags, this);
      const sourceArn = Object.values(rules).map(({ arn }) => arn);
      sendTo(queue, rules, this.policy(name, queue, { service: "events", sourceArn }));
      return;
    }
    this.policy(name, queue, topic && { service: "sns", sourceArn: topic.topicArn });
    if (topic !== undefined) this.subscribe(name, topic, queue);
  }

  private subscribe(name: string, topic: QueueTopicArgs, queue: aws.sqs.Queue): void {
    const { filter, filterScope = "attributes", topicArn } = topic;
    new aws.sns.TopicSubscription(
      `${name}-subscription`,
      {
        topic: topicArn,
        protocol: "sqs",
        endpoint: queue.arn,
        filterPolicy: filter && JSON.stringify(filter),
        filterPolicyScope: filter && (filterScope === "body" ? "MessageBody" : "MessageAttributes"),
      },
      { parent: this },
    );
  }
}
