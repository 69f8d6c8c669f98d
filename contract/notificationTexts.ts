import { isLogQueryLine } from "./logQuery";
import type { Notification, NotificationKind } from "./notification";

/** How each kind is called at the beginning of a subject. */
const headings: Readonly<Record<NotificationKind, string>> = {
  started: "Started",
  waitsForApproval: "Waits for approval",
  succeeded: "Succeeded",
  failed: "FAILED",
  rolledBack: "Rolled back",
  superseded: "Superseded",
  held: "Held back",
  resumed: "Resumed",
  drift: "Drift",
  taskFailures: "TASKS FAIL",
  jobFailed: "JOB FAILED",
  alarm: "ALARM",
};

/** What stands before a chat message's title. */
const symbols: Readonly<Record<NotificationKind, string>> = {
  started: ":arrow_forward:",
  waitsForApproval: ":raised_hand:",
  succeeded: ":white_check_mark:",
  failed: ":x:",
  rolledBack: ":rewind:",
  superseded: ":track_next:",
  held: ":double_vertical_bar:",
  resumed: ":arrow_forward:",
  drift: ":mag:",
  taskFailures: ":rotating_light:",
  jobFailed: ":x:",
  alarm: ":rotating_light:",
};

/** "Subjects must be [...] less than 100 characters long" ("Publish", Amazon SNS API reference). */
const subjectCharacters = 99;

/** The subject of a mail: one line of printable ASCII, which SNS takes from every region. */
export function mailSubject(told: Notification): string {
  const text = `[${told.product} ${told.stack}] ${headings[told.kind]}: ${told.what}`;
  const plain = text.replace(/\s+/g, " ").replace(/[^\x20-\x7e]/g, "?");
  return cutText(plain, subjectCharacters);
}

/** Of all messages together SNS takes 256 KiB; a mail that is longer than this nobody reads. */
const mailCharacters = 20_000;

/** The text of a mail. */
export function mailText(told: Notification): string {
  const { why, commits = [], lines = [], nextSteps = [], link } = told;
  const parts = [
    [`${capital(told.what)}.`, ...(why ? ["", `Why: ${why}`] : [])],
    factsOf(told).map(([name, value]) => `${name}: ${value}`),
    block("Commits:", commits),
    block("The log says:", lines),
    block("What to do:", nextSteps),
    link ? [`See ${link}`] : [],
    [`Sent by Gantry for ${told.product} ${told.stack} (${told.kind}).`],
  ];
  const text = parts
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n");
  return cutText(text, mailCharacters);
}

/** A mail of one line: EventBridge sends no subject, and a text within quotes. */
export function mailLine({ product, stack, what, why, lines = [], link }: Notification): string {
  const told = `${product} ${stack}: ${what}${why ? `: ${why}` : ""}.`;
  return [told, ...(link ? [link] : []), ...lines.filter(isLogQueryLine)].join(" ");
}

function factsOf(told: Notification): [string, string][] {
  const { at, deployment, product, release, retryAt, service, stack, who } = told;
  return [
    ["Environment", `${product} ${stack}`],
    ...(service ? ([["Service", service]] satisfies [string, string][]) : []),
    ...(release ? ([["Release", release]] satisfies [string, string][]) : []),
    ...(deployment ? ([["Deployment", String(deployment)]] satisfies [string, string][]) : []),
    ...(who ? ([["Who", who]] satisfies [string, string][]) : []),
    ["When", at],
    ...(retryAt ? ([["Tried again", retryAt]] satisfies [string, string][]) : []),
  ];
}

function block(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading, ...lines.map((line) => `  ${line}`)];
}

/**
 * Amazon Q Developer in chat applications takes messages in this form of its own alone ("Custom notifications", administrator
 * guide).
 */
export interface ChatMessage {
  readonly version: "1.0";
  readonly source: "custom";
  readonly content: {
    readonly textType: "client-markdown";
    readonly title: string;
    readonly description: string;
    readonly nextSteps?: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    /** What belongs together is one thread, where the channel has threads. */
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: NotificationKind;
  };
}

/** Longer ones are cut by the chat, if it takes them: a section of Slack has 3,000 characters, a heading 150 ("Block Kit"). */
const chatLimits = { title: 150, description: 3000, step: 350, steps: 5, commits: 5 } as const;

/** A message in a chat channel. */
export function chatMessage(told: Notification): ChatMessage {
  const { commits = [], lines = [], nextSteps = [] } = told;
  const logs = lines.filter(isLogQueryLine);
  const facts = [
    ...(told.why ? [told.why] : []),
    ...factsOf(told).map(([name, value]) => `*${name}*: ${value}`),
    ...commits.slice(0, chatLimits.commits).map((commit) => `• ${commit}`),
    ...(commits.length > chatLimits.commits
      ? [`• and ${commits.length - chatLimits.commits} more`]
      : []),
    ...(told.link ? [told.link] : []),
  ].join("\n");
  const title = `${headings[told.kind]}: ${told.what} (${told.product} ${told.stack})`;
  return {
    version: "1.0",
    source: "custom",
    content: {
      textType: "client-markdown",
      title: `${symbols[told.kind]} ${cutText(title, chatLimits.title)}`,
      description: withCode(
        withWhole(cutText(facts, chatLimits.description), logs),
        lines.filter((line) => !logs.includes(line)),
      ),
      ...(nextSteps.length > 0
        ? {
            nextSteps: nextSteps
              .slice(0, chatLimits.steps)
              .map((step) => cutText(step, chatLimits.step)),
          }
        : {}),
      keywords: [told.product, told.stack, told.kind],
    },
    metadata: {
      threadId: [told.product, told.stack, told.release ?? told.service ?? told.kind].join("--"),
      summary: cutText(`${told.product} ${told.stack}: ${told.what}`, chatLimits.title),
      eventType: told.kind,
    },
  };
}

/** As many of the lines as there is room for: half a link leads nowhere, and of code no chat makes one. */
function withWhole(facts: string, lines: readonly string[]): string {
  return lines.reduce((before, line) => {
    const text = `${before}\n${line}`;
    return text.length <= chatLimits.description ? text : before;
  }, facts);
}

/** As many of the lines as there is room for, as code, which no chat takes for marks of its own. */
function withCode(facts: string, lines: readonly string[]): string {
  const fence = "```";
  const room = chatLimits.description - facts.length - 2 * (fence.length + 1) - 1;
  if (lines.length === 0 || room < 80) return facts;
  const code = cutText(lines.join("\n").replaceAll(fence, "'''"), room);
  return `${facts}\n${fence}\n${code}\n${fence}`;
}

/** What a webhook is sent. Fields are added without another version; whoever reads it passes over those that it does not know. */
export interface WebhookMessage extends Notification {
  readonly version: "1";
  readonly source: "gantry";
}

export function webhookMessage(told: Notification): WebhookMessage {
  return { version: "1", source: "gantry", ...told };
}

/**
 * One message of SNS for all who are told: to each kind of subscriber its own. Chat channels subscribe by `https`; whatever is
 * subscribed beside these gets what webhooks get.
 */
export function topicMessage(told: Notification): string {
  return JSON.stringify({
    default: JSON.stringify(webhookMessage(told)),
    email: mailText(told),
    https: JSON.stringify(chatMessage(told)),
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function cutText(text: string, most: number): string {
  const ellipsis = "...";
  return text.length <= most ? text : text.slice(0, most - ellipsis.length) + ellipsis;
}
