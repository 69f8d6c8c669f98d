import { when, type Rule } from "../rule";
import { at, isAbsent, json, notKnown } from "../values";

const queues = ["aws:sqs/queue:Queue"];

export const messageRules: readonly Rule[] = [
  {
    name: "sqs-encrypted",
    severity: "high",
    because: "Messages lie on disks until somebody takes them.",
    fix: "leave sqsManagedSseEnabled out (SQS encrypts by itself), or set kmsMasterKeyId",
    types: queues,
    check: ({ properties: { sqsManagedSseEnabled, kmsMasterKeyId } }) =>
      when(
        sqsManagedSseEnabled === false && isAbsent(kmsMasterKeyId),
        "messages are not encrypted",
      ),
  },
  {
    name: "sqs-dead-letters",
    severity: "medium",
    because: "A message that nobody can handle comes back until it is too old, and is lost unseen.",
    fix: "set redrivePolicy with a deadLetterTargetArn",
    types: queues,
    checkInStack: (queue, stack) => {
      const policies = [queue, ...redrives(queue.urn)];
      const isTarget = stack
        .all(queues)
        .some(({ urn, madeOf }) => urn !== queue.urn && madeOf.redrivePolicy?.includes(queue.urn));
      const { arn } = queue.outputs;
      const isNamed = stack.resources.some(
        ({ properties }) =>
          typeof arn === "string" &&
          at(json(properties.redrivePolicy), "deadLetterTargetArn") === arn,
      );
      return when(
        policies.every(({ properties }) => isAbsent(properties.redrivePolicy)) &&
          !isTarget &&
          !isNamed,
        "messages that fail go nowhere",
      );

      function redrives(of: string) {
        return stack
          .all(["aws:sqs/redrivePolicy:RedrivePolicy"])
          .filter(({ madeOf }) => madeOf.queueUrl?.includes(of));
      }
    },
  },
  {
    name: "sns-encrypted",
    severity: "medium",
    because: "A topic without a key keeps what waits for delivery as it came.",
    fix: "set kmsMasterKeyId to a key whose policy lets the services that publish use it",
    types: ["aws:sns/topic:Topic"],
    check: ({ properties }) => when(isAbsent(properties.kmsMasterKeyId), "no key of KMS is named"),
  },
  {
    name: "kinesis-encrypted",
    severity: "high",
    because: "Records lie on disks for as long as the stream keeps them.",
    fix: "set encryptionType to KMS and kmsKeyId to alias/aws/kinesis or a key of your own",
    types: ["aws:kinesis/stream:Stream"],
    check: ({ properties: { encryptionType: type } }) =>
      when(type !== notKnown && type !== "KMS", "records are not encrypted"),
  },
];
