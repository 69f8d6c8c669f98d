import type { Mood } from "../../delivery/facts/state";
import { sinceText, type Reader } from "../../delivery/facts/times";
import { table } from "../../delivery/text";
import type { ActionFacts, ExecutionFacts } from "./executions";

/** An execution for people: what it is of, and its actions, a line each; below them what those that failed say. */
export function executionText(
  { id, status, startedAt, revision, actions }: ExecutionFacts,
  reader: Reader,
  paint: (mood: Mood, text: string) => string,
): string {
  const since = startedAt === undefined ? "" : `, begun ${sinceText(startedAt, reader)}`;
  const of = revision === undefined ? "" : ` of ${revision.slice(0, 8)}`;
  const rows = actions.map(({ stage, action, status: state, startedAt: at, seconds }) => [
    ...[stage, action, state],
    at === undefined ? "-" : sinceText(at, reader),
    seconds === undefined ? "-" : durationText(seconds),
  ]);
  const [head, ...lines] = table(["STAGE", "ACTION", "STATE", "BEGUN", "TOOK#"], rows).split("\n");
  const failed = actions.filter((one) => one.status === "Failed" && one.summary);
  return [
    `execution ${id}${of}: ${status}${since}`,
    ...(actions.length === 0 ? [] : ["", head]),
    ...lines.map((line, index) => (actions[index].status === "Failed" ? paint("bad", line) : line)),
    ...(failed.length === 0 ? [] : ["", ...failed.map(summaryLine)]),
  ].join("\n");
}

function summaryLine({ action, summary }: ActionFacts): string {
  return `${action}: ${summary}`;
}

/** `45 s`, `3 min 5 s`. */
function durationText(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
