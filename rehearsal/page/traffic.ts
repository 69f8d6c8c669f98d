import { counted } from "../../contract/counted";
import type { ActionRun, PipelineRun } from "../runner/run";
import { everyMs } from "../traffic/client";
import { phasesOf, type TrafficPhase, type Weights } from "../traffic/phases";
import {
  countOf,
  isWrong,
  nameOf as textOf,
  type AnswerKind,
  type Answers,
  type ServiceTraffic,
  type TrafficReport,
} from "../traffic/report";
import { escape, join, mark, seconds, table } from "../../delivery/page/html";
import { hasRun } from "./pipeline";
import { axisOf, percent, type Axis } from "./axis";

/** What users got while a release came: how requests were led, and who answered them. */
export function trafficCard(traffic: TrafficReport, run: PipelineRun | undefined): string {
  const axis: Axis = {
    begin: Date.parse(traffic.startedAt),
    span: Math.max(traffic.seconds * 1000, 1),
  };
  const actions = run?.stages.flatMap((stage) => stage.actions.filter(hasRun)) ?? [];
  return join([
    `<section class="card${isGood(traffic) ? "" : " failure"}">`,
    `<h3>What users of ${escape(traffic.stack)} got meanwhile ${verdict(traffic)}</h3>`,
    `<p class="faint">A client asked ten times a second; the load balancer's log tells who answered.</p>`,
    ...traffic.services.map((service) => serviceTraffic(service, actions, axis)),
    `</section>`,
  ]);
}

function isGood(traffic: TrafficReport): boolean {
  return countOf(traffic, "failed") + countOf(traffic, "unverified") === 0;
}

function verdict(traffic: TrafficReport): string {
  const [failed, unverified] = (["failed", "unverified"] as const).map((kind) =>
    countOf(traffic, kind),
  );
  if (countOf(traffic) === 0) return mark("quiet", "nobody asked");
  return join([
    failed === 0 ? mark("good", "no request failed") : mark("bad", `${requests(failed)} failed`),
    unverified === 0
      ? mark("good", "none answered by what was not verified")
      : mark("bad", `${requests(unverified)} answered by what was not verified`),
  ]);
}

function requests(count: number): string {
  return counted(count, "request");
}

function serviceTraffic(
  service: ServiceTraffic,
  actions: readonly ActionRun[],
  axis: Axis,
): string {
  const phases = phasesOf(service, axis.begin, axis.begin + axis.span);
  const weighted = [...new Set(phases.flatMap(({ production = {} }) => Object.keys(production)))];
  const answered = [...new Set(service.answers.map(({ taskDefinition }) => taskDefinition))];
  return join([
    `<h4>${escape(service.service)}</h4>`,
    axisOf(axis),
    `<ol class="bars lanes">`,
    ...actions.map((action) => actionLane(action, axis)),
    ...weighted.map((arn) => weightLane(service, arn, phases, axis)),
    ...answered
      .filter((arn) => service.answers.some((one) => one.taskDefinition === arn && !isFailure(one)))
      .map((arn) => answerLane(service, arn, axis)),
    failureLane(service, axis),
    `</ol>`,
    phaseTable(service, phases, axis),
  ]);
}

const isFailure = ({ kind }: Answers) => kind === "failed";

function lane(label: string, bars: readonly string[], figure: string): string {
  return `<li><span class="label">${label}</span>
<span class="track" aria-hidden="true">${bars.join("")}</span>
<span class="figure">${figure}</span></li>`;
}

function bar(kind: string, from: number, until: number, axis: Axis, more = ""): string {
  const left = Math.max(from - axis.begin, 0);
  const length = Math.max(Math.min(until - axis.begin, axis.span) - left, 0);
  return `<span class="bar${kind && ` ${kind}`}" style="left:${percent(left, axis.span)};width:${percent(length, axis.span)}${more}"></span>`;
}

function actionLane({ name, startedAt, seconds: took }: ActionRun, axis: Axis): string {
  const from = Date.parse(startedAt);
  return lane(escape(name), [bar("action", from, from + took * 1000, axis)], seconds(took));
}

/** As high as the share of requests that are led there. */
function weightLane(
  service: ServiceTraffic,
  arn: string,
  phases: readonly TrafficPhase[],
  axis: Axis,
): string {
  const led = phases.filter(({ production }) => (production?.[arn] ?? 0) > 0);
  const bars = led.map(({ from, until, production }) =>
    bar("weight", from, until, axis, `;top:${100 - (production?.[arn] ?? 0)}%`),
  );
  const last = phases.at(-1)?.production?.[arn] ?? 0;
  return lane(`led to ${nameOf(service, arn)}`, bars, `${last} %`);
}

function answerLane(service: ServiceTraffic, arn: string | null, axis: Axis): string {
  const own = service.answers.filter((one) => one.taskDefinition === arn && !isFailure(one));
  const bars = own.map(({ from, until, kind }) =>
    // A request stands for the time until the next one.
    bar(barOf[kind], Date.parse(from), Date.parse(until) + everyMs, axis),
  );
  return lane(`answers: ${nameOf(service, arn)}`, bars, String(sum(own)));
}

const barOf: Readonly<Record<AnswerKind, string>> = {
  verified: "",
  unverified: "failed",
  none: "waiting",
  failed: "failed",
};

function failureLane({ answers }: ServiceTraffic, axis: Axis): string {
  const failed = answers.filter(isFailure);
  const bars = failed.map(({ from, until }) =>
    bar("failed", Date.parse(from), Date.parse(until) + everyMs, axis),
  );
  return lane("failed", bars, String(sum(failed)));
}

function sum(answers: readonly Answers[]): number {
  return answers.reduce((all, { count }) => all + count, 0);
}

function nameOf(service: ServiceTraffic, arn: string | null): string {
  const name = escape(textOf(service, arn));
  return arn !== null && arn in service.releases ? `<code>${name}</code>` : name;
}

/** The same to be read: what the lanes show, phase by phase. */
function phaseTable(
  service: ServiceTraffic,
  phases: readonly TrafficPhase[],
  { begin }: Axis,
): string {
  const rows = phases.map(({ from, stage, production, test, answers }) => [
    `<span class="figure">${seconds((from - begin) / 1000)}</span>`,
    stage === undefined ? "before" : `<code>${escape(stage)}</code>`,
    led(service, production),
    led(service, test),
    answersText(service, answers) || "nobody asked",
    answers.length === 0
      ? ""
      : `${Math.max(...answers.map(({ milliseconds }) => milliseconds))} ms`,
  ]);
  const columns = ["from", "stage", "users are led to", "the test route leads to"];
  const title = `Requests to ${service.service}`;
  return table(title, [...columns, "who answered", "slowest#"], rows);
}

function led(service: ServiceTraffic, weights: Weights = {}): string {
  return Object.entries(weights)
    .filter(([, weight]) => weight > 0)
    .map(([arn, weight]) => `<span class="share">${nameOf(service, arn)} ${weight} %</span>`)
    .join("<br>");
}

function answersText(service: ServiceTraffic, answers: readonly Answers[]): string {
  const texts = new Map<string, number>();
  for (const { taskDefinition, status, kind, error, count } of answers) {
    const who = nameOf(service, taskDefinition);
    const what = `${kind === "unverified" ? "unverified " : ""}${who}: ${status ?? escape(error ?? "no answer")}`;
    const text = isWrong({ kind }) ? `<span class="bad-text">✕ ${what}</span>` : what;
    texts.set(text, (texts.get(text) ?? 0) + count);
  }
  return [...texts].map(([text, count]) => `${text} (${count})`).join("<br>");
}
