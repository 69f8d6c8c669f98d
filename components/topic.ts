import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, refusePlain } from "./shared/iam";
import type { Tags } from "./shared/tags";

export interface TopicArgs {
  /** Physical name, without `.fifo`: letters, digits, hyphens and underscores. */
  readonly topicName: string;
  /** Whether messages keep their order within a group, and none comes twice. Without it, no. */
  readonly fifo?: boolean;
  /** The KMS key of its messages, which whoever publishes must be allowed to use. Without it, AWS's own for SNS. */
  readonly keyArn?: pulumi.Input<string>;
  readonly tags?: Tags;
}

/**
 * An SNS topic that one service publishes to and any number of queues take from. Encrypted with AWS's own key for SNS, which
 * whoever may publish may use, unless it has another; nobody publishes without TLS. A FIFO topic takes equal messages within five minutes for one.
 *
 * It costs 0.50 USD for a million messages; what goes to queues is free.
 *
 * @example
 * new Topic("orders", { topicName: "shop-staging-orders" });
 * @example
 * new Topic("orders", { topicName: "shop-staging-orders", fifo: true,
 *   keyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef", tags: { team: "shop" } });
 */
export class Topic extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: TopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:Topic", name, {}, opts);
    const { fifo = false, keyArn, tags, topicName } = args;
    const topic = new aws.sns.Topic(
      name,
      {
        name: fifo ? `${topicName}.fifo` : topicName,
        kmsMasterKeyId: keyArn ?? "alias/aws/sns",
        ...(fifo ? { fifoTopic: true, contentBasedDeduplication: true } : {}),
        tags,
      },
      { parent: this },
    );
    new aws.sns.TopicPolicy(
      `${name}-policy`,
      {
        arn: topic.arn,
        policy: policyDocument(refusePlain("sns:Publish", topic.arn)),
      },
      { parent: this },
    );
    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}
