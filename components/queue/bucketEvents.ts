import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { autoNameSuffixLength, boundedName } from "../shared/naming";
import type { Tags } from "../shared/tags";
import { bucketPattern } from "./bucketPattern";
import type { bucketEvents } from "./faults";

/** What a queue takes of a bucket, which must tell EventBridge of its objects: `new Bucket(..., { eventBridge: true })`. */
export interface QueueBucketArgs {
  readonly bucketName: pulumi.Input<string>;
  /** What happens to objects. Without it, `created` alone, which is by upload or copy, of a new version too. */
  readonly events?: readonly (typeof bucketEvents)[number][];
  /** What the keys of the objects begin with, such as `incoming/`. Without it, anything. */
  readonly prefix?: string;
  /** What they end with, such as `.csv`. Without it, anything. */
  readonly suffix?: string;
}

/** Rules of EventBridge for what a queue takes of a bucket, by their names: one for each kind of event. */
export function bucketRules(
  name: string,
  { events = ["created"], bucketName, ...of }: QueueBucketArgs,
  tags: Tags | undefined,
  parent: pulumi.Resource,
): Record<string, aws.cloudwatch.EventRule> {
  return Object.fromEntries(
    events.map((event) => {
      const eventPattern = pulumi.jsonStringify(bucketPattern(event, bucketName, of));
      const description = `Tells a queue of objects that are ${event}`;
      const args = { description, eventPattern, tags };
      const ruleName = nameOfRule(`${name}-${event}`);
      return [ruleName, new aws.cloudwatch.EventRule(ruleName, args, { parent })];
    }),
  );
}

/** Rules have names of 64 characters ("PutRule", EventBridge API reference). What fits stays: two hyphens tell its parts from others'. */
function nameOfRule(name: string): string {
  return name.length + autoNameSuffixLength <= 64 ? name : boundedName(name, 64);
}

/** @param policy the queue's, which lets them send. */
export function sendTo(
  queue: aws.sqs.Queue,
  rules: Readonly<Record<string, aws.cloudwatch.EventRule>>,
  policy: aws.sqs.QueuePolicy,
): void {
  for (const [name, rule] of Object.entries(rules)) {
    const args = { rule: rule.name, arn: queue.arn };
    new aws.cloudwatch.EventTarget(name, args, { parent: rule, dependsOn: [policy] });
  }
}
