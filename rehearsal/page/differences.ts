import type { ReportedDifference } from "../metDifferences";
import { escape, table } from "../../delivery/page/html";

/** In what the rehearsal was otherwise than AWS, and what it therefore does not show. */
export function differencesSection(differences: readonly ReportedDifference[]): string {
  const rows = differences.map(({ replaces, by, reason, unproven, details }) => [
    escape(replaces),
    [escape(by), ...details.map((one) => `<code>${escape(one)}</code>`)].join("<br>"),
    escape(reason),
    escape(unproven),
  ]);
  const columns = ["on AWS", "here", "why", "what that leaves unproven"];
  return `<section><h2>Differences from AWS</h2>
<div class="card">${table("Differences from AWS", columns, rows)}</div></section>`;
}
