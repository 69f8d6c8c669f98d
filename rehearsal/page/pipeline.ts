import type { ActionRun, PipelineRun } from "../runner/run";
import { explanationOf } from "./explanation";
import { badge, escape, join, printed, seconds, table } from "../../delivery/page/html";

/** One run of a pipeline: its stages side by side, what failed and why, what it left as evidence, and what ran where. */
export function pipelineCard(run: PipelineRun, shown?: string): string {
  const failed = run.stages.flatMap(({ actions }) =>
    actions.filter(({ status }) => status === "Failed"),
  );
  return `<section class="card${failed.length > 0 ? " failure" : ""}">
<h3>${escape(run.pipeline)} ${badge(run.status)}</h3>
<p class="faint">${seconds(run.seconds)}, started by ${escape(run.trigger)}</p>
<ol class="stages">${run.stages.map(stage).join("\n")}</ol>
${join([...failed.map(failure), approval(run, shown), simulations(run), actions(run)])}
</section>`;
}

function stage({ name, status, actions: all }: PipelineRun["stages"][number]): string {
  const edge = { Succeeded: " good-edge", Failed: " bad-edge", Skipped: "", Stopped: "" }[status];
  const items = all.map(
    (action) =>
      `<li><span>${escape(action.name)}</span> <span>${badge(action.status)} <span class="faint">${hasRun(action) ? seconds(action.seconds) : ""}</span></span></li>`,
  );
  return `<li class="stage${edge}"><h4>${escape(name)}</h4><ul>${items.join("")}</ul></li>`;
}

/** Whether an action's turn came. */
export function hasRun({ status }: ActionRun): boolean {
  return status === "Succeeded" || status === "Failed";
}

/** The reason as the action gave it comes first; the log is for who wants more. */
function failure({ name, error = "", tail, logFile }: ActionRun): string {
  const explanation = explanationOf(tail);
  const log = [
    tail.length > 0 && printed(`The end of the log of ${name}`, tail.join("\n")),
    logFile && `<p class="faint">All of it: <code>${escape(logFile)}</code></p>`,
  ];
  return join([
    `<h4>Why ${escape(name)} failed</h4>`,
    explanation ? printed(`Why ${name} failed`, explanation) : `<p>${escape(error)}</p>`,
    explanation && `<p class="faint">${escape(error)}</p>`,
    tail.length > 0 &&
      `<details${explanation ? "" : " open"}><summary>The end of its log</summary>${join(log)}</details>`,
  ]);
}

/** What the approval said, and the file that the plan left for whoever decides. */
function approval({ evidence }: PipelineRun, file: string | undefined): string | undefined {
  if (!evidence && !file) return undefined;
  return join([
    `<details open><summary>What the approval showed</summary>`,
    evidence && `<p class="message">${escape(evidence)}</p>`,
    file && printed("Evidence for the approval", file),
    `</details>`,
  ]);
}

/** What a reader must not take for more than it was. */
function simulations({ stages, simulated }: PipelineRun): string | undefined {
  const all = stages.flatMap(({ actions: own }) => own.flatMap((action) => action.simulated));
  return notes("Simulated", [...simulated, ...all]);
}

function overrides({ stages }: PipelineRun): string | undefined {
  const all = stages.flatMap(({ actions: own }) =>
    own.flatMap((action) => Object.entries(action.overrides)),
  );
  return notes(
    "Variables with another value than on AWS",
    all.map(([name, why]) => `${name}: ${why}`),
  );
}

function notes(title: string, texts: readonly string[]): string | undefined {
  if (texts.length === 0) return undefined;
  const items = [...new Set(texts)].map((text) => `<li>${escape(text)}</li>`);
  return `<h4>${title}</h4><ul class="notes">${items.join("")}</ul>`;
}

function actions(run: PipelineRun): string {
  const { pipeline, stages } = run;
  const rows = stages.flatMap(({ name: stageName, actions: all }) =>
    all
      .filter(hasRun)
      .map((action) => [
        escape(stageName === action.name ? stageName : `${stageName} / ${action.name}`),
        escape(action.provider),
        `<code>${escape(action.role.split("/").at(-1) ?? "")}</code>`,
        `${action.apiCalls}`,
        action.firstLineSeconds === undefined ? "" : seconds(action.firstLineSeconds),
        seconds(action.seconds),
        `<code class="variables">${escape(variables(action))}</code>`,
      ]),
  );
  const columns = [
    "action",
    "by",
    "under the role",
    "API calls#",
    "to the first line#",
    "time#",
    "variables",
  ];
  return join([
    `<details><summary>What ran where, and under which role</summary>`,
    table(`What ran where in ${pipeline}`, columns, rows),
    overrides(run),
    `</details>`,
  ]);
}

const longestValue = 60;

function variables({ outputVariables }: ActionRun): string {
  return Object.entries(outputVariables)
    .map(([name, value]) =>
      value.length > longestValue
        ? `${name}=${value.slice(0, longestValue - 3)}...`
        : `${name}=${value}`,
    )
    .join("\n");
}
