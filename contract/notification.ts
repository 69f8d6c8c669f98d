/** What people are told of. */
export const notificationKinds = [
  "started",
  "waitsForApproval",
  "succeeded",
  "failed",
  "rolledBack",
  "superseded",
  "held",
  "resumed",
  "drift",
  "taskFailures",
  "jobFailed",
  "alarm",
] as const;

export type NotificationKind = (typeof notificationKinds)[number];

/** What is told, whoever is told it: mails, chat messages and webhooks are made of it. */
export interface Notification {
  readonly kind: NotificationKind;
  /** The product, as in `gantry:name`. */
  readonly product: string;
  /** The Pulumi stack. */
  readonly stack: string;
  /** When: ISO 8601, UTC. */
  readonly at: string;
  /** What has happened, in one line: `release 3f9c2a1b-17 was rolled back`. */
  readonly what: string;
  /** Why, in one line. Absent where the line above says all. */
  readonly why?: string;
  /** Who did it, or has to do with it, for people. */
  readonly who?: string;
  /** Id of the release that it is about. */
  readonly release?: string;
  /** Number of the deployment in the ledger. */
  readonly deployment?: number;
  /** The service that it is about. Absent where it is about the environment. */
  readonly service?: string;
  /** Commits that a release brings, newest first: a line each, such as `3f9c2a1b Take cards (Ada)`. */
  readonly commits?: readonly string[];
  /** What explains it, line by line, as the log of the pipeline has it. */
  readonly lines?: readonly string[];
  /** When what was refused for now is tried again by itself: ISO 8601, UTC. Absent where nobody does. */
  readonly retryAt?: string;
  /** What to do, one a line. */
  readonly nextSteps?: readonly string[];
  /** Where to see more: a URL. */
  readonly link?: string;
}

/**
 * A notification with other texts in all of its fields.
 * @param changeLines of several at once, where what is looked for may go over more than one. Default: each by itself.
 */
export function withTexts(
  told: Notification,
  change: (text: string) => string,
  changeLines: (lines: readonly string[]) => readonly string[] = (lines) => lines.map(change),
): Notification {
  return Object.fromEntries(
    Object.entries(told).map(([key, value]: [string, unknown]) => [
      key,
      Array.isArray(value)
        ? changeLines(value as readonly string[])
        : typeof value === "string"
          ? change(value)
          : value,
    ]),
  ) as unknown as Notification;
}
