import { document } from "../page/document";
import { escape, join, table } from "../page/html";
import type { DeliveryMetrics } from "./metrics";
import { bars } from "./plot";
import { headline } from "./text";
import { metricViews, weekColumns, weekRow } from "./words";

/** The same as a page: a drawing of each metric by week, and the weeks below. */
export function metricsPage(metrics: DeliveryMetrics): string {
  const { weeks, gaps } = metrics;
  const labels = weeks.map(({ name }) => name);
  const charts = metricViews(metrics).map(({ name, median, p90, of, series, format }) => {
    const title = `${name} by week`;
    return `<section class="card" aria-label="${escape(name)}">
<h3>${escape(name)}</h3>
<p>${escape(median)}${p90 === "" || p90 === "-" ? "" : ` <span class="faint">(p90 ${escape(p90)})</span>`} <span class="faint">of ${of}</span></p>
${bars({ title, labels, series, format })}
</section>`;
  });
  return document(
    `Gantry: delivery to ${metrics.stack}`,
    join([
      `<h1>${escape(headline(metrics))}</h1>`,
      `<div class="charts">${charts.join("\n")}</div>`,
      gaps.length > 0 &&
        `<ul class="notes">${gaps.map((gap) => `<li>${escape(gap)}</li>`).join("")}</ul>`,
      "<h2>By week</h2>",
      table(
        "Figures of each week",
        weekColumns,
        weeks.map((week) => weekRow(week.name, week).map(escape)),
      ),
    ]),
  );
}
