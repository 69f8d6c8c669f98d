import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { STSClient } from "@aws-sdk/client-sts";
import { withTexts, type Notification } from "../contract/notification";
import { mailSubject, topicMessage } from "../contract/notificationTexts";
import { variables } from "../contract/variables";
import { withoutSecrets } from "../stacks/config/secretValues";
import { ownAccount } from "./account";
import type { Clock } from "./clock";
import { messageOf } from "./errors";
import type { Log } from "./progress";
import type { Target } from "./target";

/** What a command has to tell; where and when, whoever sends it knows. */
export type Told = Omit<Notification, "product" | "stack" | "at">;

/** Tells people, where config names somebody for the kind. It never throws, and takes ten seconds at most. */
export type Tell = (told: Told) => Promise<void>;

/** For nobody a deployment waits longer. */
const patienceMs = 10_000;

export interface TellOptions {
  readonly clients: {
    readonly sns: Pick<SNSClient, "send">;
    readonly sts: Pick<STSClient, "send">;
  };
  readonly target: Pick<Target, "config" | "names" | "region">;
  readonly clock: Pick<Clock, "now">;
  /** Hears of what could not be told. */
  readonly log: Log;
  /** Where the pipeline says which topic it is; else it is that of its name in the caller's account, which is asked for. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

/** What tells people of an environment. */
export function teller(options: TellOptions): Tell {
  const { clients, target, clock, log, env = process.env } = options;
  const { config } = target;
  const topicArn = env[variables.topic] || undefined;
  const { notify, name: product, stack } = config;
  const tell = topicTeller({
    ...{ sns: clients.sns, product, stack, clock, log },
    topic: async (signal) => topicArn ?? (await ownTopic(options, signal)),
  });
  return async (told) => {
    if (notify?.kinds.includes(told.kind)) await tell(told);
  };
}

interface TopicOptions extends Pick<TellOptions, "clock" | "log"> {
  readonly sns: Pick<SNSClient, "send">;
  readonly product: string;
  readonly stack: string;
  /** Its ARN. */
  readonly topic: (signal: AbortSignal) => Promise<string>;
}

/** What tells whoever is subscribed to a topic, of whatever kind. */
export function topicTeller({ sns, product, stack, clock, log, topic }: TopicOptions): Tell {
  return async (told) => {
    const abortSignal = AbortSignal.timeout(patienceMs);
    try {
      const notification = { product, stack, at: clock.now().toISOString(), ...told };
      await publish(sns, await topic(abortSignal), notification, abortSignal);
    } catch (error) {
      log(`people could not be told (${told.kind}): ${messageOf(error)}`);
    }
  };
}

/** Sends one message for all who are subscribed, with nothing in it that looks like a secret. */
export async function publish(
  sns: Pick<SNSClient, "send">,
  topicArn: string,
  notification: Notification,
  abortSignal?: AbortSignal,
): Promise<void> {
  // Explanations have the log of programs in them, which says what it says: a key has several lines.
  const masked = withTexts(notification, withoutSecrets, (lines) =>
    withoutSecrets(lines.join("\n")).split("\n"),
  );
  await sns.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: mailSubject(masked),
      MessageStructure: "json",
      Message: topicMessage(masked),
    }),
    { abortSignal },
  );
}

async function ownTopic(
  { clients, target, env }: TellOptions,
  abortSignal: AbortSignal,
): Promise<string> {
  const { partition, accountId } = await ownAccount(clients.sts, target, env, abortSignal);
  return `arn:${partition}:sns:${target.region}:${accountId}:${target.names.notifications}`;
}
