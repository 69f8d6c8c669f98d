import { counted } from "../contract/counted";
import type { ActionStatus } from "./runner/run";
import type { DeliveryReport, Report, RunningReport } from "./report";
import { table } from "../delivery/text";
import { countOf } from "./traffic/report";
import { wrongAnswers } from "./traffic/wrong";

const ruled = { rule: true };

/**
 * The report for a person: what there is now, and what each phase took.
 * @param command what they typed before the options.
 */
export function summary(report: Report, command: string): string {
  return [
    environmentsTable(report),
    ...report.deliveries.map(deliveryTable),
    report.running.length > 0 ? runningTable(report.running) : "",
    addressTable(report, command),
    ...report.deliveries.map(trafficText),
    report.callsBeforeWait === undefined
      ? ""
      : `An image-only deployment made ${report.callsBeforeWait} AWS API calls before it waited.`,
    report.firstLine === undefined
      ? ""
      : `From an action's start to Gantry's first line: ${seconds(report.firstLine.medianSeconds)} s in the middle, ${seconds(report.firstLine.mostSeconds)} s at most.`,
    ...simulations(report.deliveries),
    replacedBaseImages(report),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** What users got while a commit came to them. */
function trafficText({ commit, traffic }: DeliveryReport): string {
  if (!traffic || countOf(traffic) === 0) return "";
  const [all, failed, unverified] = (["any", "failed", "unverified"] as const).map((kind) =>
    countOf(traffic, kind),
  );
  const told = `While ${commit.slice(0, 8)} came to ${traffic.stack}, a client asked ${counted(all, "time")}: ${failed || "none"} failed, ${unverified || "none"} answered by what was not verified.`;
  return [told, ...wrongAnswers(traffic).map((line) => `  ${line}`)].join("\n");
}

/** What images were built on that is not what their Dockerfiles name. */
function replacedBaseImages({ differences }: Report): string {
  const found = differences.find(({ id }) => id === "baseImages");
  return found ? `No registry answered for ${found.details.join("; ")}.` : "";
}

/** What was not as on AWS, each once. */
function simulations(deliveries: readonly DeliveryReport[]): string[] {
  const told = deliveries.flatMap(({ runs }) => runs.flatMap(({ simulated }) => simulated));
  return [...new Set(told)].map((text) => `Simulated: ${text}.`);
}

/** What every action of a commit took, in order, and how it ended. */
function deliveryTable({ commit, subject, outcome, runs }: DeliveryReport): string {
  const rows = runs.flatMap((run) =>
    run.stages.flatMap(({ name, actions }) =>
      actions.map(({ name: action, seconds: took, status, retriedAfter }) => [
        run.pipeline,
        name,
        action,
        ["Succeeded", "Failed"].includes(status) ? seconds(took) : "",
        words[status] + (retriedAfter === undefined ? "" : ", second attempt"),
      ]),
    ),
  );
  const actions = table(["pipeline", "stage", "action", "seconds#", "outcome"], rows, ruled);
  return `${commit.slice(0, 8)} ${subject}. ${outcome}\n\n${actions}`;
}

const words: Readonly<Record<ActionStatus, string>> = {
  Succeeded: "succeeded",
  Failed: "failed",
  Skipped: "not reached",
  Abandoned: "not reached",
};

function runningTable(running: readonly RunningReport[]): string {
  const rows = running.flatMap(({ stack, release, verified, services }) =>
    services.map(({ service, checked, digest }) => [
      stack,
      service,
      release,
      verified ? (checked ? "yes" : "no checks") : "no",
      digest,
    ]),
  );
  return table(["environment", "service", "release", "verified", "digest"], rows, ruled);
}

/** To open in a browser. */
function addressTable({ addresses, kept }: Report, command: string): string {
  if (addresses.length === 0) return "";
  const rows = addresses.map(({ stack, service, told, url }) => [stack, service, url, told]);
  const note = kept
    ? ""
    : `\n\nThey answered until now; ${command} --keep leaves them to be opened.`;
  return table(["environment", "service", "address", "on AWS"], rows, ruled) + note;
}

function environmentsTable({ environments }: Report): string {
  const phases = [...new Set(environments.flatMap((e) => e.phases.map(({ name }) => name)))];
  const rows = environments.map(({ stack, resources, phases: done, outputs }) => [
    stack,
    String(resources),
    ...phases.map((name) => seconds(done.find((phase) => phase.name === name)?.seconds)),
    typeof outputs.release === "string" ? outputs.release : "",
  ]);
  const columns = ["environment", "resources#", ...phases.map((name) => `${name} s#`), "release"];
  return table(columns, rows, ruled);
}

function seconds(value: number | undefined): string {
  return value === undefined ? "" : value.toFixed(1);
}
