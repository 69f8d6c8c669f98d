import { consoleOf } from "./consolePages";

/** What of a log group is asked for. Texts are ASCII; `<name>` in them stays, for whoever puts something in its place. */
export interface LogQuery {
  readonly region: string;
  readonly logGroupName: string;
  /** Of the window: ISO 8601, UTC. */
  readonly from: string;
  readonly to: string;
  /** What the names of the log streams have in them, such as the id of a task. Default: those of all. */
  readonly stream?: string;
}

const fields = "fields @timestamp, @logStream, @message";
const newestFirst = "sort @timestamp desc";

/**
 * Where the console asks Logs Insights for the lines that a group has of a window, the newest first. AWS documents no form of such a
 * link: it is the one that the console itself makes, whose values are those of the library jsurl. What could end a link for whoever
 * reads it in a mail is escaped twice, as earlier versions of the console did with all of it.
 */
export function logQueryPage({ region, logGroupName, from, to, stream }: LogQuery): string {
  const only = stream === undefined ? [] : [`filter @logStream like "${stream}"`];
  const query = [fields, ...only, newestFirst].join(" | ");
  const detail =
    `~(end~'${value(to)}~start~'${value(from)}~timeType~'ABSOLUTE~tz~'UTC` +
    `~editorString~'${value(query)}~source~(~'${value(logGroupName)}))`;
  const escaped = detail.replace(/[()']/g, (mark) => `$25${hexOf(mark)}`);
  return `${consoleOf(region)}/cloudwatch/home?region=${region}#logsV2:logs-insights$3FqueryDetail$3D${escaped}`;
}

function value(text: string): string {
  return text.replace(/<\w+>|[^\w.-]/g, (mark) => (mark.length > 1 ? mark : `*${hexOf(mark)}`));
}

function hexOf(mark: string): string {
  return mark.charCodeAt(0).toString(16).padStart(2, "0");
}

/** What stands before such a link in an explanation. */
const lead = "its log in CloudWatch: ";

/** The line of an explanation that has such a link. */
export function logQueryLine(page: string): string {
  return lead + page;
}

/** Whether a line of an explanation is one of those, whoever it is about. */
export function isLogQueryLine(line: string): boolean {
  return new RegExp(`^(\\S+: )?${lead}\\S+$`).test(line);
}
