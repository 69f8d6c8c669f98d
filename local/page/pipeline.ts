import type { ActionRun, PipelineRun } from "../rehearsal/run";
import { badge, escape, join, seconds } from "./html";

/** One run of a pipeline: its stages side by side, what failed and why, what ran where, and what it left as evidence. */
export function pipelineCard(run: PipelineRun, shown?: string): string {
  const failed = run.stages.flatMap(({ actions }) =>
    actions.filter(({ status }) => status === "Failed"),
  );
  return `<div class="card${failed.length > 0 ? " failure" : ""}">
<h3>${escape(run.pipeline)} ${badge(run.status)} <span class="faint">${seconds(run.seconds)}, started by ${escape(run.trigger)}</span></h3>
<div class="stages">${run.stages.map(stage).join("\n")}</div>
${join([...failed.map(failure), evidence(shown), simulated(run), actions(run)])}
</div>`;
}

function stage({ name, status, actions }: PipelineRun["stages"][number]): string {
  const edge = status === "Succeeded" ? " good-edge" : status === "Failed" ? " bad-edge" : "";
  const items = actions.map(
    (action) =>
      `<li><span>${escape(action.name)}</span> <span>${badge(action.status)} <span class="faint">${ran(action)}</span></span></li>`,
  );
  return `<div class="stage${edge}"><div class="name">${escape(name)}</div><ul>${items.join("")}</ul></div>`;
}

function ran({ status, seconds: took }: ActionRun): string {
  return status === "Succeeded" || status === "Failed" ? seconds(took) : "";
}

function failure({ name, error, tail }: ActionRun): string {
  return `<h3>Why ${escape(name)} failed</h3>
${error ? `<p>${escape(error)}</p>` : ""}
<pre>${escape(tail.join("\n"))}</pre>`;
}

/** What an approval was shown, and the files that the plan left for whoever decides. */
function evidence(shown: string | undefined): string | undefined {
  return (
    shown &&
    `<details open><summary>Evidence for the approval</summary><pre>${escape(shown)}</pre></details>`
  );
}

/** What a reader must not take for more than it was. */
function simulated(run: PipelineRun): string | undefined {
  const notes = [...new Set([...run.simulated, ...run.stages.flatMap(noted)])];
  return notes.length === 0
    ? undefined
    : `<p>Simulated:</p><ul>${notes.map((note) => `<li>${escape(note)}</li>`).join("")}</ul>`;
}

function noted({ actions }: PipelineRun["stages"][number]): string[] {
  return actions.flatMap(({ simulated }) => simulated);
}

function actions(run: PipelineRun): string {
  const rows = run.stages.flatMap(({ name: stageName, actions: all }) =>
    all
      .filter(({ status }) => status === "Succeeded" || status === "Failed")
      .map(
        (action) =>
          `<tr><td>${escape(stageName)}</td><td>${escape(action.name)}</td><td>${escape(action.provider)}</td>` +
          `<td><code>${escape(roleName(action.role))}</code></td><td class="figure">${action.apiCalls}</td>` +
          `<td class="figure">${seconds(action.seconds)}</td><td>${escape(variables(action))}</td></tr>`,
      ),
  );
  return `<details><summary>What ran where</summary><div class="scroll"><table>
<thead><tr><th>stage</th><th>action</th><th>by</th><th>under the role</th><th class="figure">API calls</th><th class="figure">time</th><th>variables</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div></details>`;
}

function roleName(role: string): string {
  return role.split("/").at(-1) ?? role;
}

function variables({ outputVariables }: ActionRun): string {
  return Object.entries(outputVariables)
    .map(([name, value]) => `${name}=${value.length > 60 ? `${value.slice(0, 57)}...` : value}`)
    .join(" ");
}
