import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Notification } from "../../contract/notification";
import { chatMessage, mailLine } from "../../contract/notificationTexts";
import type { Tags } from "../shared/tags";

/** Where notifications go. */
export interface NotificationTopics {
  readonly topicArn: pulumi.Output<string>;
  /** Of what EventBridge tells chat channels. Absent where there are none. */
  readonly chatTopicArn?: pulumi.Output<string>;
}

/** An event that is told as it comes: nothing of Gantry's runs then. */
export interface ToldEvent {
  /** Of its logical name. */
  readonly part: string;
  readonly description: string;
  readonly eventPattern: pulumi.Input<string>;
  /** Where in the event stands what the notification names as `<name>`. */
  readonly inputPaths: Readonly<Record<string, string>>;
  readonly told: pulumi.Output<Notification>;
}

/** EventBridge sends all subscribers of a topic the same. So chat channels, which take their own form alone, have a topic of their own. */
export function eventRule(
  name: string,
  { part, description, eventPattern, inputPaths, told }: ToldEvent,
  { topicArn, chatTopicArn }: NotificationTopics,
  {
    parent,
    dependsOn,
    tags,
  }: { parent: pulumi.Resource; dependsOn?: pulumi.Resource[]; tags?: Tags },
): void {
  const rule = new aws.cloudwatch.EventRule(
    `${name}-${part}`,
    { description, eventPattern, tags },
    { parent },
  );
  const target = (
    suffix: string,
    arn: pulumi.Output<string>,
    text: (told: Notification) => string,
  ) =>
    new aws.cloudwatch.EventTarget(
      `${name}-${part}${suffix}`,
      {
        rule: rule.name,
        arn,
        // A JSON text, or an object: what stands for a field of the event is within quotes in both.
        inputTransformer: {
          inputPaths,
          inputTemplate: told.apply((given) => text(given)),
        },
      },
      { parent: rule, dependsOn },
    );
  target("", topicArn, (given) => JSON.stringify(mailLine(given)));
  if (chatTopicArn) target("-chat", chatTopicArn, (given) => JSON.stringify(chatMessage(given)));
}
