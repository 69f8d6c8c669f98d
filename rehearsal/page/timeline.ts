import type { ActionRun, PipelineRun } from "../runner/run";
import type { DeliveryReport } from "../report";
import { axisOf, percent, type Axis } from "./axis";
import { escape, seconds, time } from "../../delivery/page/html";
import { hasRun } from "./pipeline";

/** Every action as a bar on one axis of time, grouped by the run that it belongs to; undefined where nothing ran. */
export function timeline(deliveries: readonly DeliveryReport[]): string | undefined {
  const runs = deliveries.flatMap((delivery) => delivery.runs);
  if (runs.length === 0) return undefined;
  const begin = Math.min(...runs.map(({ startedAt }) => Date.parse(startedAt)));
  const end = Math.max(
    ...runs.map(({ startedAt, seconds: took }) => Date.parse(startedAt) + took * 1000),
  );
  const axis = { begin, span: Math.max(end - begin, 1) };
  return `<section><h2>Timeline</h2>
<div class="card">
${axisOf(axis)}
${runs.map((run) => group(run, axis)).join("\n")}
<p class="faint">From ${time(new Date(begin).toISOString())}, ${seconds(axis.span / 1000)} in all.</p>
</div></section>`;
}

function group(run: PipelineRun, axis: Axis): string {
  const rows = run.stages.flatMap(({ name, actions }) =>
    actions.filter(hasRun).map((action) => row(name, action, axis)),
  );
  const ended = run.status === "Succeeded" ? "" : `, ${run.status.toLowerCase()}`;
  const which = run.commit.slice(0, 8) || run.trigger;
  return `<h3>${escape(run.pipeline)} <span class="faint"><code>${escape(which)}</code>, ${seconds(run.seconds)}${ended}</span></h3>
<ol class="bars">${rows.join("\n")}</ol>`;
}

function row(stage: string, action: ActionRun, { begin, span }: Axis): string {
  const from = Date.parse(action.startedAt) - begin;
  const name = stage === action.name ? stage : `${stage} / ${action.name}`;
  const failed = action.status === "Failed";
  const kind = failed ? " failed" : action.provider === "Manual" ? " waiting" : "";
  const length = Math.min(action.seconds * 1000, span - from);
  return `<li><span class="label">${escape(name)}</span>
<span class="track" aria-hidden="true"><span class="bar${kind}" style="left:${percent(from, span)};width:${percent(length, span)}"></span></span>
<span class="figure">${failed ? '<span class="bad-text">✕<span class="unseen"> failed after</span></span> ' : ""}${seconds(action.seconds)}</span></li>`;
}
