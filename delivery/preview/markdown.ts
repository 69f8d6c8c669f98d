import { counted } from "../../contract/counted";
import { headline } from "./headline";
import { detailLines, type Line } from "./lines";
import { told } from "./phrase";
import type { PreviewReport } from "./report";

/**
 * Characters of a comment. GitHub answers more than 65,536 with "Body is too long (maximum is 65536 characters)"; the
 * rest is for what a workflow puts before and behind it.
 */
export const longestComment = 65_000;

/**
 * A comment: a line for each stack with its warnings, and the rest folded.
 * @param limit characters that it may have, which the stacks share. What is longer ends with how to see the rest.
 */
export function previewMarkdown(reports: readonly PreviewReport[], limit = longestComment): string {
  let room = limit;
  const parts = reports.map((report, index) => {
    // What one leaves the others have.
    const part = stackMarkdown(report, Math.floor(room / (reports.length - index)) - 2);
    room -= part.length + 2;
    return part;
  });
  return `${parts.join("\n\n")}\n`;
}

function stackMarkdown(report: PreviewReport, limit: number): string {
  const { stack } = report;
  const head = `**${code(stack)}**: ${headline(report)}`;
  if (report.error !== undefined)
    return `${head}\n\n${fenced(report.error, limit - head.length - 2)}`;
  const warnings = [
    ...(report.resources.length === 0 ? [] : report.warnings),
    ...report.dangers,
  ].map((phrase) => `- ⚠ ${told(phrase, code)}`);
  if (report.resources.length === 0) {
    const whole = warnings.length > 0 ? [head, "", ...warnings] : [head];
    return sizeOf(whole) <= limit
      ? whole.join("\n")
      : cutTo(whole, [], [], limit, stack).join("\n");
  }
  const opened = ["", "<details>", "<summary>What changes</summary>", ""];
  const closed = ["", "</details>"];
  const lines = [
    head,
    ...(warnings.length > 0 ? ["", ...warnings] : []),
    ...opened,
    ...detailLines(report).map(markdownLine),
  ];
  const whole = [...lines, ...closed];
  if (sizeOf(whole) <= limit) return whole.join("\n");
  return cutTo(lines, opened, closed, limit, stack).join("\n");
}

/** Whole lines only, so that no mark is left open. */
function cutTo(
  lines: readonly string[],
  opened: readonly string[],
  closed: readonly string[],
  limit: number,
  stack: string,
): string[] {
  const rest = (count: number) => [
    "",
    `**Cut here**: ${counted(count, "more line")}. All of them: ${code(`npx gantry preview --stack ${stack}`)}`,
  ];
  const start = lines.indexOf(opened[1]);
  const most = limit - sizeOf([...rest(lines.length), ...closed]) - 1;
  let kept = 0;
  let used = 0;
  while (kept < lines.length && used + lines[kept].length + 1 <= most) {
    used += lines[kept].length + 1;
    kept += 1;
  }
  // A fold that has nothing in it is none.
  if (kept <= start + opened.length - 1) kept = Math.min(kept, start - 1);
  return [...lines.slice(0, kept), ...rest(lines.length - kept), ...(kept > start ? closed : [])];
}

function sizeOf(lines: readonly string[]): number {
  return lines.join("\n").length;
}

function markdownLine({ depth, phrase }: Line): string {
  const text = told(phrase, code);
  return depth === 0 ? `\n**${text}**\n` : `${"  ".repeat(depth - 1)}- ${text}`;
}

const longestValue = 300;

/**
 * A value as code, where nothing in it is read as Markdown, HTML, a mention or the number of an issue: between more
 * backticks than it has in a row ("Code spans", GitHub Flavored Markdown Spec).
 */
export function code(value: string): string {
  const plain = plainText(value);
  const short =
    plain.length > longestValue ? `${whole(plain.slice(0, longestValue - 3))}...` : plain;
  if (short.trim() === "") return '`""`';
  const fence = "`".repeat(longestRun(short) + 1);
  const pad = /^[` ]|[` ]$/.test(short) ? " " : "";
  return `${fence}${pad}${short}${pad}${fence}`;
}

/** Several lines of text as they are. */
function fenced(text: string, limit: number): string {
  const lines = text.split(/\r?\n/).map(plainText).join("\n");
  const fence = "`".repeat(Math.max(3, longestRun(lines) + 1));
  const most = limit - 2 * fence.length - 2;
  const short =
    lines.length > most ? `${whole(lines.slice(0, Math.max(0, most - 4)))}\n...` : lines;
  return `${fence}\n${short}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

/** Without line breaks, control characters, and marks that turn the direction of what follows. */
export function plainText(text: string): string {
  return text
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[\u202A-\u202E\u2066-\u2069\u200E\u200F]/g, "");
}

/** Not ended within a character that takes two units. */
function whole(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, "");
}
