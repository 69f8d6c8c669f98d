import { environmentNames } from "../contract/names";
import type { Emulator } from "./emulator";
import { stackNames, type StackName } from "./workspace";

/** What people were told, as it was sent: see `gantry:notify`. */
export interface SentMessage {
  /** In ISO 8601. */
  readonly at: string;
  readonly stack: StackName;
  /** Of a mail; absent where EventBridge sent it, which gives none. */
  readonly subject?: string;
  /** What a mail says. */
  readonly mail: string;
  /** What chat channels would show, which are left out here; absent where EventBridge sent it. */
  readonly chat?: string;
  /** E-mail addresses that would get it. */
  readonly to: readonly string[];
}

/** A message as the emulator has it. */
interface Published {
  readonly at: string;
  /** ARN. */
  readonly topic: string;
  readonly subject: string | null;
  readonly texts: Readonly<Record<string, string>>;
  readonly subscriptions: readonly { readonly protocol: string; readonly endpoint: string }[];
}

/** What was sent to the topics of both environments, in its order. */
export async function readMessages(
  emulator: Pick<Emulator, "control">,
  product: string,
): Promise<readonly SentMessage[]> {
  const { messages } = await emulator.control<{ readonly messages: Published[] }>("messages");
  const topics = new Map(
    stackNames.map((stack) => [environmentNames({ name: product, stack }).notifications, stack]),
  );
  return messages.flatMap(({ at, topic, subject, texts, subscriptions }) => {
    const stack = topics.get(topic.split(":").at(-1) ?? "");
    if (stack === undefined) return [];
    const mails = subscriptions.filter(({ protocol }) => protocol === "email");
    return [
      {
        ...{ at, stack, mail: texts.email ?? texts.default },
        ...(subject === null ? {} : { subject }),
        ...(texts.https === undefined ? {} : { chat: chatText(texts.https) }),
        to: mails.map(({ endpoint }) => endpoint),
      },
    ];
  });
}

/** As a channel shows it, with its marks. */
function chatText(message: string): string {
  const { content } = JSON.parse(message) as {
    readonly content: {
      readonly title: string;
      readonly description: string;
      readonly nextSteps?: readonly string[];
    };
  };
  const { title, description, nextSteps = [] } = content;
  return [title, description, ...nextSteps.map((step, at) => `${at + 1}. ${step}`)].join("\n");
}
