import type { Mood } from "../../delivery/facts/state";
import {
  clockText,
  clocksIn,
  exactText,
  sinceText,
  zoneLine,
  type Reader,
} from "../../delivery/facts/times";
import { isExecution } from "../../contract/consolePages";
import type { DeploymentRecord } from "../../delivery/ledger";
import { lookedThrough } from "./deployment";
import type { Explanation, ServiceFindings } from "./explain";

type Paint = (mood: Mood, text: string) => string;

/**
 * An explanation in lines for people.
 * @param paint default: no colours.
 */
export function explanationText(
  explanation: Explanation,
  reader: Reader,
  paint: Paint = (_, text) => text,
): string {
  const { stack, deployment, reason, services, firing, done, gaps, nextSteps } = explanation;
  return [
    deployment
      ? headline(deployment, explanation, reader, paint)
      : `no deployment of ${stack} failed, of the newest ${lookedThrough}`,
    ...(deployment ? originLines(deployment, explanation, reader) : []),
    ...section(
      "Why",
      reason.map((line) => clocksIn(line, reader)),
    ),
    ...services.flatMap((service) => section(service.service, serviceLines(service, reader))),
    ...section(
      "Alarms that fire now",
      firing.map(
        ({ name, since, reason: why }) =>
          `${name}${since ? `, since ${sinceText(since, reader)}` : ""}${why ? `: ${why}` : ""}`,
      ),
    ),
    ...section("What was done", done === undefined ? [] : [done]),
    ...section("What is not known", gaps),
    ...section("What to do", nextSteps),
    "",
    zoneLine(reader),
  ].join("\n");
}

function headline(
  { number, kind, release, status, endedAt, begunAt, seconds }: DeploymentRecord,
  { isFailed, where }: Explanation,
  reader: Reader,
  paint: Paint,
): string {
  const what = `deployment ${number} (${kind} of ${release.id})`;
  if (!isFailed)
    return `${what} did not fail: it is ${status}, begun ${sinceText(begunAt, reader)}`;
  const long = seconds === undefined ? "" : `, after ${seconds} s`;
  const at = sinceText(endedAt ?? begunAt, reader);
  return `${paint("bad", `${what} failed`)} ${where ?? ""}: ${at}${long}`;
}

function originLines(
  { begunAt, actor, owner, previous, release }: DeploymentRecord,
  { pipelineUrl }: Explanation,
  reader: Reader,
): string[] {
  const by = isExecution(owner) && actor !== owner ? `${actor}, execution ${owner}` : actor;
  return [
    `  begun ${clockText(begunAt, reader)} by ${by}; commit ${release.commit}`,
    `  before it: ${previous?.id ?? "nothing, it was the first release"}`,
    ...(pipelineUrl === undefined ? [] : [`  ${pipelineUrl}`]),
  ];
}

function serviceLines(
  { stops, log, alarms, events, logUrl }: ServiceFindings,
  reader: Reader,
): string[] {
  return [
    ...stops,
    ...log,
    ...(alarms.length > 0 ? [`ECS ended its deployment by an alarm: ${alarms.join(", ")}`] : []),
    ...events.map(({ at, message }) => `${exactText(at, reader).slice(11, 19)} ${message}`),
    `its log in CloudWatch: ${logUrl}`,
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? ["", `${title}:`, ...lines.map((line) => `  ${line}`)] : [];
}
