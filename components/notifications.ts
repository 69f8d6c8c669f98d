import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { chatChannels, type SlackChannelArgs, type TeamsChannelArgs } from "./notifications/chat";
import { jobFailures } from "./notifications/jobFailures";
import { notificationsKey, topicStatements } from "./notifications/key";
import { accountOf, type Account } from "./shared/account";
import { policyDocument } from "./shared/iam";
import type { Tags } from "./shared/tags";

export interface NotificationsArgs {
  /** Physical name of the topic: letters, digits, hyphens and underscores. */
  readonly topicName: string;
  /** The product and the stack that it is about, for whoever reads it. */
  readonly product: string;
  readonly stack: string;
  /** The cluster of the environment, whose account and region are the topic's. */
  readonly clusterArn: pulumi.Input<string>;
  /**
   * The KMS key of its messages. Its policy must let EventBridge, CloudWatch and Budgets use it. Without it, the component makes
   * one that does.
   */
  readonly keyArn?: pulumi.Input<string>;
  /** E-mail addresses, which AWS asks each once. Without it, none. */
  readonly emails?: readonly string[];
  /** A channel of Slack. Without it, none. */
  readonly slack?: SlackChannelArgs;
  /** A channel of Microsoft Teams. Without it, none. */
  readonly teams?: TeamsChannelArgs;
  /** Physical names of jobs whose failed runs are told. Without it, of none. */
  readonly jobs?: readonly string[];
  readonly tags?: Tags;
}

/**
 * Tells people what happens in an environment: a topic of SNS, who is subscribed to it, and the rules of EventBridge for what
 * nothing else tells. EventBridge, alarms of CloudWatch and Budgets of the account may publish to it, and roles that may by
 * their own policies; nobody without TLS.
 *
 * It costs 1 USD a month for its key (us-east-1, as what follows), nothing for the first 1,000 mails of a month, and 2 USD for
 * each 100,000 after these.
 *
 * @example
 * new Notifications("shop", { topicName: "shop", product: "shop", stack: "staging", clusterArn: cluster.clusterArn });
 * @example
 * new Notifications("shop", { topicName: "shop", product: "shop", stack: "production", clusterArn: cluster.clusterArn,
 *   keyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
 *   emails: ["release@example.com"], slack: { workspaceId: "T07EA123LEP", channelId: "C07EZ1ABC23" }, jobs: ["shop-nightly"], tags: { team: "shop" } });
 */
export class Notifications extends pulumi.ComponentResource {
  /** What alarms name as their action, and roles publish to. */
  readonly topicArn: pulumi.Output<string>;
  /** Of what EventBridge tells chat channels, in their form alone; absent where there are none. */
  readonly chatTopicArn?: pulumi.Output<string>;
  /** The key of its messages, which whoever publishes must be allowed to use. */
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: NotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gantry:index:Notifications", name, {}, opts);
    const { emails = [], tags } = args;
    const account = accountOf(args.clusterArn);
    this.keyArn = pulumi.output(args.keyArn ?? notificationsKey(name, { account, tags }, this).arn);
    const main = this.topic(name, "notifications", args.topicName, account, tags);
    const hasChat = args.slack !== undefined || args.teams !== undefined;
    const chat = hasChat
      ? this.topic(name, "chat", `${args.topicName}-chat`, account, tags)
      : undefined;
    for (const address of emails) {
      new aws.sns.TopicSubscription(
        `${name}-${address}`,
        { topic: main.topic.arn, protocol: "email", endpoint: address },
        { parent: this },
      );
    }
    this.topicArn = main.topic.arn;
    this.chatTopicArn = chat?.topic.arn;
    if (chat) {
      const topicArns = [main.topic.arn, chat.topic.arn];
      chatChannels(name, { ...args, account, configurationName: args.topicName, topicArns }, this);
    }
    const dependsOn = [main.policy, ...(chat ? [chat.policy] : [])];
    jobFailures(name, { ...args, account }, this, { parent: this, dependsOn, tags });
    this.registerOutputs({
      topicArn: this.topicArn,
      chatTopicArn: this.chatTopicArn,
      keyArn: this.keyArn,
    });
  }

  private topic(name: string, part: string, topicName: string, account: Account, tags?: Tags) {
    const topic = new aws.sns.Topic(
      `${name}-${part}`,
      { name: topicName, kmsMasterKeyId: this.keyArn, tags },
      { parent: this },
    );
    const policy = new aws.sns.TopicPolicy(
      `${name}-${part}`,
      { arn: topic.arn, policy: policyDocument(...topicStatements(topic.arn, name, account)) },
      { parent: this },
    );
    return { topic, policy };
  }
}
