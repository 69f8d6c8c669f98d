import { badge, escape, join, seconds, shortDigest } from "./page/html";
import { pipelineCard } from "./page/pipeline";
import { style } from "./page/style";
import { timeline } from "./page/timeline";
import type { DeliveryReport, Report, RunningReport } from "./report";

/** The report as one page that needs nothing beside itself: no script, no font, no network. */
export function renderPage(report: Report): string {
  const { deliveries = [], running = [] } = report;
  const title = report.succeeded ? "Gantry: delivered" : "Gantry: not delivered";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
${join([
  header(report),
  running.length > 0 && runningSection(running),
  ...deliveries.map(deliverySection),
  deliveries.length > 0 && timeline(deliveries),
  environmentsSection(report),
])}
</body>
</html>
`;
}

function header({ succeeded, startedAt, seconds: took, engine, error, apiCalls }: Report): string {
  const facts = [
    engine && `Pulumi ${engine.version}, AWS plugin: ${engine.awsPlugin}`,
    apiCalls !== undefined && `${apiCalls} calls to the emulated AWS`,
  ].filter(Boolean);
  return join([
    `<h1>Gantry on this machine</h1>`,
    `<p>${badge(succeeded ? "Succeeded" : "Failed")} <span class="faint">${escape(startedAt)}, ${seconds(took)}. ${escape(facts.join("; "))}</span></p>`,
    error && `<div class="card failure"><pre>${escape(error)}</pre></div>`,
  ]);
}

function runningSection(running: readonly RunningReport[]): string {
  const rows = running.flatMap(({ stack, release, since, verified, services }) =>
    services.map(
      ({ service, digest, registry, taskDefinition, ledger }) =>
        `<tr><td>${escape(stack)}</td><td>${escape(service)}</td><td><code>${escape(release)}</code></td>` +
        `<td><code title="${escape(digest)}">${shortDigest(digest)}</code></td>` +
        `<td>${agreement([registry, taskDefinition, ledger], digest)}</td>` +
        `<td>${escape(since)}${verified ? "" : ", not verified"}</td></tr>`,
    ),
  );
  return `<h2>What runs</h2>
<div class="card scroll"><table>
<thead><tr><th>environment</th><th>service</th><th>release</th><th>digest</th><th>registry, task definition, ledger</th><th>since</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>`;
}

function agreement(others: readonly (string | undefined)[], digest: string): string {
  return others.every((other) => other === digest)
    ? `<span class="badge good"><span aria-hidden="true">✓</span> the same in all three</span>`
    : `<span class="badge bad"><span aria-hidden="true">✕</span> ${escape(others.map((other) => (other ? shortDigest(other) : "none")).join(", "))}</span>`;
}

function deliverySection(delivery: DeliveryReport): string {
  const { commit, subject, purpose, outcome, runs, evidence } = delivery;
  return join([
    `<h2><code>${escape(commit.slice(0, 8))}</code> ${escape(subject)}</h2>`,
    `<p>${escape(purpose)} <strong>${escape(outcome)}</strong></p>`,
    ...runs.map((run) => pipelineCard(run, evidence[run.executionId])),
  ]);
}

function environmentsSection({ environments }: Report): string {
  const rows = environments.map(({ stack, resources, phases }) => {
    const took = phases.map(({ name, seconds: s }) => `${name} ${seconds(s)}`).join(", ");
    return `<tr><td>${escape(stack)}</td><td class="figure">${resources}</td><td>${escape(took)}</td></tr>`;
  });
  return `<h2>Environments</h2>
<div class="card scroll"><table>
<thead><tr><th>environment</th><th class="figure">resources</th><th>engine</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>`;
}
