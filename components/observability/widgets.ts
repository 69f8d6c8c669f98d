import type * as pulumi from "@pulumi/pulumi";
import type { Metric } from "./metrics";

/** A part of a dashboard, as "Dashboard body structure and syntax" (CloudWatch API reference) has it. */
export interface Widget {
  readonly type: "alarm" | "log" | "metric" | "text";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A widget before it has its place. */
export type Unplaced = Pick<Widget, "type" | "properties">;

/** Widgets beside each other, which share its width. */
export interface Row {
  readonly height: number;
  readonly widgets: readonly Unplaced[];
}

/** Of a dashboard. */
const columns = 24;

/** Rows below each other, from the top. */
export function placed(rows: readonly Row[]): Widget[] {
  let y = 0;
  return rows.flatMap(({ height, widgets }) => {
    const width = Math.floor(columns / widgets.length);
    const row = widgets.map((widget, index) => ({ ...widget, x: index * width, y, width, height }));
    y += height;
    return row;
  });
}

export function text(markdown: pulumi.Input<string>): Unplaced {
  return { type: "text", properties: { markdown, background: "transparent" } };
}

export function alarms(title: string, arns: readonly pulumi.Input<string>[]): Unplaced {
  return { type: "alarm", properties: { title, alarms: arns } };
}

export function logs(title: string, region: pulumi.Input<string>, query: unknown): Unplaced {
  return { type: "log", properties: { title, region, query, view: "table" } };
}

/** One line of a graph: a metric, or what several come to. */
export type Line =
  | { readonly label: string; readonly metric: Metric }
  | {
      readonly label: string;
      readonly metrics: readonly Metric[];
      /** Of the metrics' ids. */
      readonly expression: (ids: readonly string[]) => string;
    };

export function line(label: string, metric: Metric): Line {
  return { label, metric };
}

/** Lines over time, a point for each minute where figures are kept so long. */
export function graph(
  title: string,
  region: pulumi.Input<string>,
  lines: readonly Line[],
  more: Readonly<Record<string, unknown>> = {},
): Unplaced {
  const metrics = lines.flatMap((line, index) => lineMetrics(line, `line${index + 1}`));
  return {
    type: "metric",
    properties: { title, region, view: "timeSeries", period: 60, metrics, ...more },
  };
}

function lineMetrics(line: Line, id: string): unknown[][] {
  if ("metric" in line) {
    const { label, metric } = line;
    return [counted(metric, { label })];
  }
  const ids = line.metrics.map((_, index) => `${id}of${index + 1}`);
  return [
    ...line.metrics.map((metric, index) => counted(metric, { id: ids[index], visible: false })),
    [{ id, label: line.label, expression: line.expression(ids) }],
  ];
}

function counted({ namespace, metricName, dimensions, statistic }: Metric, more: object) {
  const named = Object.entries(dimensions).flat();
  return [namespace, metricName, ...named, { stat: statistic, ...more }];
}
