import type { DeliveryReport } from "../report";
import type { ActionRun, PipelineRun } from "../rehearsal/run";
import { escape, seconds } from "./html";

/** Every action as a bar on one axis of time, grouped by the run that it belongs to. */
export function timeline(deliveries: readonly DeliveryReport[]): string {
  const runs = deliveries.flatMap((delivery) => delivery.runs);
  const begin = Math.min(...runs.map(({ startedAt }) => Date.parse(startedAt)));
  const end = Math.max(
    ...runs.map(({ startedAt, seconds: took }) => Date.parse(startedAt) + took * 1000),
  );
  const span = Math.max(end - begin, 1);
  return `<h2>Timeline</h2>
<div class="card"><div class="timeline">
${runs.map((run) => group(run, begin, span)).join("\n")}
</div><p class="faint">From ${escape(new Date(begin).toISOString())}: ${seconds(span / 1000)} in all.</p></div>`;
}

function group(run: PipelineRun, begin: number, span: number): string {
  const rows = run.stages.flatMap(({ name, actions }) =>
    actions.filter(hasRun).map((action) => row(name, action, begin, span)),
  );
  const title = `${run.pipeline}, ${run.commit.slice(0, 8) || run.trigger}`;
  return `<div class="group">${escape(title)}</div>\n${rows.join("\n")}`;
}

function hasRun({ status }: ActionRun): boolean {
  return status === "Succeeded" || status === "Failed";
}

function row(stage: string, action: ActionRun, begin: number, span: number): string {
  const left = (100 * (Date.parse(action.startedAt) - begin)) / span;
  const width = (100 * action.seconds * 1000) / span;
  const name = stage === action.name ? stage : `${stage} / ${action.name}`;
  const failed = action.status === "Failed" ? " failed" : "";
  const place = `left:${left.toFixed(2)}%;width:${Math.min(width, 100 - left).toFixed(2)}%`;
  return `<div class="label" title="${escape(name)}">${escape(name)}</div>
<div class="track"><div class="bar${failed}" style="${place}"></div></div>
<div class="figure">${seconds(action.seconds)}${failed ? " ✕" : ""}</div>`;
}
