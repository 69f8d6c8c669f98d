import { counted } from "./counted";
import { isLogQueryLine } from "./logQuery";
import { withTexts, type Notification, type NotificationKind } from "./notification";
import { cutText, plainText } from "./plainText";

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

/** The subject of a mail: one line of printable ASCII, which SNS takes from every region. Letters lose their accents. */
export function mailSubject(told: Notification): string {
  const text = `[${told.product} ${told.stack}] ${headings[told.kind]}: ${told.what}`;
  const plain = oneLine(text)
    .replaceAll("\u2192", "->")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\x20-\x7e]/gu, "?");
  return cutText(plain, subjectCharacters);
}

/** Of all messages together SNS takes 256 KiB; a mail that is longer than this nobody reads. */
const mailCharacters = 20_000;

/** What stands above the lines, by what they are. */
const headingsOfLines: Readonly<Partial<Record<NotificationKind, string>>> = {
  waitsForApproval: "Gates:",
  drift: "What differs:",
};

/** The text of a mail. Where it is too long, lines in its middle are left out: what to do, and the link, are at its end. */
export function mailText(told: Notification): string {
  const { why, commits = [], lines = [], nextSteps = [], link } = told;
  const { said, queries } = linesOf(lines);
  const logs = queries.map((line) => `  ${line}`);
  const begin = [
    [`${capital(told.what)}.`, ...(why ? ["", `Why: ${why}`] : [])],
    factsOf(told).map(([name, value]) => `${name}: ${value}`),
  ];
  const end = [
    block("What to do:", nextSteps),
    link ? [`See ${link}`] : [],
    [`Sent by Gantry for ${told.product} ${told.stack} (${told.kind}).`],
  ];
  const room = mailCharacters - textOf([...begin, logs, ...end]).length;
  const parts = [
    ...begin,
    fitting(block("Commits:", commits), room / 3),
    [...fitting(block(headingsOfLines[told.kind] ?? "The log says:", said), room / 2), ...logs],
    ...end,
  ];
  return cutText(textOf(parts), mailCharacters);
}

function textOf(parts: readonly (readonly string[])[]): string {
  return plainText(
    parts
      .filter((part) => part.length > 0)
      .map((part) => part.join("\n"))
      .join("\n\n"),
  );
}

/** What explains it, and the links to logs in it, which are of use whole alone. */
function linesOf(lines: readonly string[]) {
  return {
    said: lines.filter((line) => !isLogQueryLine(line)),
    queries: lines.filter(isLogQueryLine),
  };
}

/** As many lines as so many characters hold, and how many are missing. */
function fitting(lines: readonly string[], characters: number): readonly string[] {
  let left = characters;
  const kept = lines.findIndex((line) => (left -= line.length + 1) < 0);
  if (kept < 0) return lines;
  return kept < 2
    ? []
    : [...lines.slice(0, kept), `  ... and ${counted(lines.length - kept, "line")} more`];
}

/** Whatever breaks lines in it. */
function oneLine(text: string): string {
  return plainText(text).replace(/\s+/g, " ").trim();
}

/** A mail of one line: EventBridge sends no subject, and a text within quotes. */
export function mailLine({ product, stack, what, why, lines = [], link }: Notification): string {
  const said = `${product} ${stack}: ${what}${why ? `: ${why}` : ""}.`;
  return oneLine([said, ...(link ? [link] : []), ...lines.filter(isLogQueryLine)].join(" "));
}

function factsOf(told: Notification): [string, string][] {
  const { at, deployment, product, release, retryAt, service, stack, who } = told;
  return [
    ["Environment", `${product} ${stack}`],
    ...(service ? ([["Service", service]] satisfies [string, string][]) : []),
    ...(release ? ([["Release", release]] satisfies [string, string][]) : []),
    ...(deployment ? ([["Deployment", String(deployment)]] satisfies [string, string][]) : []),
    ...(who ? ([["Who", who]] satisfies [string, string][]) : []),
    ["When", timeOf(at)],
    ...(retryAt ? ([["Tried again", timeOf(retryAt)]] satisfies [string, string][]) : []),
  ];
}

/** `2026-11-30 12:00:00 UTC`. What stands for a time of EventBridge's stays as it is. */
function timeOf(at: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(at);
  return parts ? `${parts[1]} ${parts[2]} UTC` : at;
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
const chatLimits = {
  title: 150,
  description: 3000,
  step: 350,
  steps: 5,
  commits: 5,
  commit: 120,
} as const;

/** A message in a chat channel. */
export function chatMessage(told: Notification): ChatMessage {
  const { commits = [], lines = [], nextSteps = [] } = told;
  const { said, queries } = linesOf(lines);
  const facts = [
    ...(told.why ? [told.why] : []),
    ...factsOf(told).map(([name, value]) => `*${name}*: ${value}`),
    ...commits.slice(0, chatLimits.commits).map((commit) => `• ${inCode(commit)}`),
    ...(commits.length > chatLimits.commits
      ? [`• and ${commits.length - chatLimits.commits} more`]
      : []),
    ...(told.link ? [told.link] : []),
  ].join("\n");
  const title = oneLine(`${headings[told.kind]}: ${told.what} (${told.product} ${told.stack})`);
  return {
    version: "1.0",
    source: "custom",
    content: {
      textType: "client-markdown",
      title: `${symbols[told.kind]} ${cutText(title, chatLimits.title)}`,
      description: withCode(
        withWhole(cutText(plainText(facts), chatLimits.description), queries),
        said,
      ),
      ...(nextSteps.length > 0
        ? {
            nextSteps: nextSteps
              .slice(0, chatLimits.steps)
              .map((step) => cutText(oneLine(step), chatLimits.step)),
          }
        : {}),
      keywords: [told.product, told.stack, told.kind],
    },
    metadata: {
      threadId: [told.product, told.stack, told.release ?? told.service ?? told.kind].join("--"),
      summary: cutText(oneLine(`${told.product} ${told.stack}: ${told.what}`), chatLimits.title),
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
  const code = cutText(plainText(lines.join("\n")).replaceAll(fence, "'''"), room);
  return `${facts}\n${fence}\n${code}\n${fence}`;
}

/** A line that somebody wrote who thought of no chat, such as the subject of a commit: as code, in which nothing is a mark. */
function inCode(line: string): string {
  return `\`${cutText(oneLine(line).replaceAll("`", "'"), chatLimits.commit)}\``;
}

/** Slack takes what stands between these for a link or for people to be called (`<!channel>`), in code too. */
function withoutBrackets(told: Notification): Notification {
  return withTexts(told, (text) => text.replaceAll("<", "‹").replaceAll(">", "›"));
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
    https: JSON.stringify(chatMessage(withoutBrackets(told))),
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
