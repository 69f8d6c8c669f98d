import { counted } from "../../contract/counted";
import { table } from "../text";
import type { DeliveryMetrics } from "./metrics";
import { sparkline } from "./plot";
import { metricViews, weekColumns, weekRow } from "./words";

/** The four metrics in a line each, with a character for each week, and the weeks below. */
export function metricsText(metrics: DeliveryMetrics): string {
  const { weeks, gaps } = metrics;
  return [
    headline(metrics),
    "",
    table(
      ["METRIC", "MEDIAN#", "P90#", "OF#", "BY WEEK"],
      metricViews(metrics).map(({ name, median, p90, of, series }) => [
        ...[name, median, p90, String(of), sparkline(series)],
      ]),
    ),
    ...(weeks.length > 0
      ? [
          "",
          table(
            weekColumns.map((name) => name.toUpperCase()),
            weeks.map((week) => weekRow(week.name, week)),
          ),
        ]
      : []),
    ...(gaps.length > 0 ? ["", ...gaps] : []),
  ].join("\n");
}

/** What they are of. */
export function headline({ stack, from, to, weeks }: DeliveryMetrics): string {
  const day = (at: string) => at.slice(0, 10);
  return `Delivery to ${stack} from ${day(from)} to ${day(to)} (${counted(weeks.length, "week")}, UTC)`;
}
