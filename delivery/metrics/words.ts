import type { DeliveryMetrics, Figures } from "./metrics";
import type { Series } from "./plot";
import type { Statistics } from "./statistics";

/** For people: `42 s`, `12 min`, `3.2 h`, `1.5 days`. */
export function durationText(seconds: number): string {
  const units = [
    [86_400, "days"],
    [3_600, "h"],
    [60, "min"],
  ] as const;
  for (const [size, unit] of units) {
    // From two of a unit on: `90 min` says more than `1.5 h`.
    if (seconds >= 2 * size) return `${tidy(seconds / size)} ${unit}`;
  }
  return `${Math.round(seconds)} s`;
}

export function rateText(rate: number | undefined): string {
  return rate === undefined ? "-" : `${tidy(rate * 100)} %`;
}

/** At most one decimal, and none from ten on. */
export function tidy(figure: number): string {
  return figure >= 10 ? String(Math.round(figure)) : String(Math.round(figure * 10) / 10);
}

/** One of the four metrics, as both the text and the page show it. */
export interface MetricView {
  readonly name: string;
  readonly median: string;
  readonly p90: string;
  /** How many it is said of. */
  readonly of: number;
  readonly series: Series;
  readonly format: (figure: number) => string;
}

export function metricViews(metrics: DeliveryMetrics): readonly MetricView[] {
  const series = (figure: (week: Figures) => number | undefined) => metrics.weeks.map(figure);
  const { perWeek } = metrics;
  return [
    {
      ...duration("lead time for changes", metrics.leadTime),
      series: series(({ leadTime }) => leadTime.median),
    },
    {
      name: "deployments per week",
      median: perWeek.median === undefined ? "-" : tidy(perWeek.median),
      p90: perWeek.p90 === undefined ? "-" : tidy(perWeek.p90),
      of: metrics.deployments,
      series: series(({ deployments }) => deployments),
      format: tidy,
    },
    {
      name: "change failure rate",
      median: rateText(metrics.changeFailureRate),
      p90: "",
      of: metrics.deployments,
      series: series(({ changeFailureRate }) => changeFailureRate),
      format: rateText,
    },
    {
      ...duration("time to restore", metrics.timeToRestore),
      series: series(({ timeToRestore }) => timeToRestore.median),
    },
  ];
}

function duration(name: string, { count, median, p90 }: Statistics): Omit<MetricView, "series"> {
  const text = (seconds: number | undefined) =>
    seconds === undefined ? "-" : durationText(seconds);
  return { name, median: text(median), p90: text(p90), of: count, format: durationText };
}

/** A week's figures, as both show them: its name first. */
export const weekColumns = [
  "Week",
  "Deployments#",
  "Failed#",
  "Failure rate#",
  "Lead time#",
  "p90#",
  "Restored in#",
  "Prevented#",
  "Superseded#",
  "Overridden#",
] as const;

export function weekRow(name: string, figures: Figures): string[] {
  const { leadTime, timeToRestore } = figures;
  const text = (seconds: number | undefined) =>
    seconds === undefined ? "-" : durationText(seconds);
  return [
    name,
    String(figures.deployments),
    String(figures.failed),
    rateText(figures.changeFailureRate),
    text(leadTime.median),
    text(leadTime.p90),
    text(timeToRestore.median),
    String(figures.prevented),
    String(figures.superseded),
    String(figures.overridden),
  ];
}
