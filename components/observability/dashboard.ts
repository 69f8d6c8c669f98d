import type * as pulumi from "@pulumi/pulumi";
import { text as input } from "../shared/account";
import type { ObservabilityArgs } from "./args";
import * as of from "./catalog";
import { cacheGraphs, databaseGraphs } from "./dataGraphs";
import type { Metric } from "./metrics";
import { errorLines, logGroupsOf } from "./queries";
import {
  alarms,
  graph,
  line,
  logs,
  placed,
  text,
  type Line,
  type Row,
  type Unplaced,
  type Widget,
} from "./widgets";

/** What a dashboard is made of. */
export interface DashboardArgs extends ObservabilityArgs {
  readonly region: pulumi.Input<string>;
  /** ARNs of what tells. */
  readonly alarmArns: readonly pulumi.Input<string>[];
}

export interface DashboardBody {
  readonly start: string;
  readonly periodOverride: "inherit";
  readonly widgets: readonly Widget[];
}

const graphHeight = 6;

/**
 * A dashboard that reads from top to bottom: what fires, what users get, what runs, what waits, what it stands on, how it is
 * delivered, what it logs. What is not there has no row.
 */
export function dashboardBody(args: DashboardArgs): DashboardBody {
  return {
    start: "-PT3H",
    periodOverride: "inherit",
    widgets: placed([
      ...titleRows(args),
      ...section("Requests", requestRows(args)),
      ...section("Tasks", taskRows(args)),
      ...section("Queues", queueRows(args)),
      ...section("Jobs", jobRows(args)),
      ...section("Databases and caches", dataRows(args)),
      ...section("Delivery", deliveryRows(args)),
      ...section("Errors in logs", logRows(args)),
    ]),
  };
}

function section(title: string, rows: readonly Row[]): Row[] {
  return rows.length === 0 ? [] : [{ height: 1, widgets: [text(`## ${title}`)] }, ...rows];
}

function titleRows({ environmentName, pipeline, alarmArns }: DashboardArgs): Row[] {
  const link = pipeline ? input` [Pipeline](${pipeline.pipelineUrl})` : "";
  const height = 2 + Math.ceil(alarmArns.length / 6);
  return [
    { height: 1, widgets: [text(input`# ${environmentName}${link}`)] },
    ...(alarmArns.length === 0
      ? []
      : [{ height, widgets: [alarms("What tells", alarmArns.slice(0, mostAlarms))] }]),
  ];
}

/** Of an alarm widget ("Dashboard body structure and syntax"). */
const mostAlarms = 100;

function requestRows({ services = {}, loadBalancers = {}, region }: DashboardArgs): Row[] {
  return [
    ...Object.entries(services).flatMap(([name, { requests }]) =>
      requests ? [row(requestGraphs(name, of.groupMetrics(requests), region))] : [],
    ),
    ...Object.entries(loadBalancers).map(([name, { arnSuffix }]) => {
      const { requests, ownErrors, rejected } = of.loadBalancerMetrics(arnSuffix);
      const title = `Load balancer ${name}`;
      return row([
        graph(`${title}: requests`, region, [line("requests", requests)]),
        graph(`${title}: errors of its own`, region, [line("500 and above", ownErrors)]),
        graph(`${title}: connections refused`, region, [line("connections", rejected)]),
      ]);
    }),
  ];
}

function requestGraphs(
  name: string,
  groups: ReturnType<typeof of.groupMetrics>,
  region: pulumi.Input<string>,
): Unplaced[] {
  const all = (label: string, metrics: readonly Metric[]): Line => ({
    ...{ label, metrics },
    expression: (ids) => ids.map((id) => `FILL(${id}, 0)`).join(" + "),
  });
  const slowest = (statistic: string): Line => ({
    label: statistic,
    metrics: groups.map(({ time }) => ({ ...time, statistic })),
    expression: (ids) => `MAX([${ids.join(", ")}])`,
  });
  return [
    graph(`${name}: requests`, region, [
      all(
        "requests",
        groups.map(({ requests }) => requests),
      ),
    ]),
    graph(`${name}: errors`, region, [
      all(
        "500 and above",
        groups.map(({ errors }) => errors),
      ),
      all(
        "400 to 499",
        groups.map(({ refusals }) => refusals),
      ),
    ]),
    graph(`${name}: seconds`, region, ["p50", "p95", "p99"].map(slowest)),
  ];
}

/** A line for each service: beside each other they tell who is different. */
function taskRows({ services = {}, cluster, region }: DashboardArgs): Row[] {
  const each = Object.entries(services).map(
    ([name, { serviceName }]) => [name, of.taskMetrics(cluster.clusterName, serviceName)] as const,
  );
  if (each.length === 0) return [];
  const lines = (metric: (of: (typeof each)[number][1]) => Metric, what = "") =>
    each.map(([name, metrics]) => line(`${name}${what}`, metric(metrics)));
  const percent = { yAxis: { left: { min: 0 } } };
  const used = [
    graph(
      "CPU in percent",
      region,
      lines(({ cpu }) => cpu),
      percent,
    ),
    graph(
      "Memory in percent",
      region,
      lines(({ memory }) => memory),
      percent,
    ),
  ];
  if (!cluster.countsTasks) return [row(used)];
  const tasks = [
    ...lines(({ running }) => running),
    ...lines(({ desired }) => desired, " desired"),
  ];
  // More than one while tasks are exchanged.
  const deployments = lines(({ deployments }) => deployments);
  return [
    row([
      graph("Tasks that run", region, tasks, percent),
      graph("Deployments that go on (above 1)", region, deployments, percent),
    ]),
    row(used),
  ];
}

function queueRows({ services = {}, jobs = {}, region }: DashboardArgs): Row[] {
  const queues = [...Object.entries(services), ...Object.entries(jobs)].flatMap(
    ([service, { queues = {} }]) =>
      Object.entries(queues).map(([name, queue]) => [`${service} ${name}`, queue] as const),
  );
  if (queues.length === 0) return [];
  const lines = (metric: (queue: (typeof queues)[number][1]) => Metric) =>
    queues.map(([name, queue]) => line(name, metric(queue)));
  return [
    row([
      graph(
        "Messages that wait",
        region,
        lines(({ queueName }) => of.queueMetrics(queueName).waiting),
      ),
      graph(
        "Seconds that the oldest waits",
        region,
        lines(({ queueName }) => of.queueMetrics(queueName).age),
      ),
      graph(
        "Messages that nobody could process",
        region,
        lines(({ deadLetterQueueName }) => of.queueMetrics(deadLetterQueueName).waiting),
      ),
    ]),
  ];
}

function jobRows({ jobs = {}, region }: DashboardArgs): Row[] {
  const each = Object.entries(jobs).map(
    ([name, { stateMachineArn }]) => [name, of.runMetrics(stateMachineArn)] as const,
  );
  if (each.length === 0) return [];
  return [
    row([
      graph(
        "Runs that succeeded",
        region,
        each.map(([name, { succeeded }]) => line(name, succeeded)),
      ),
      graph(
        "Runs that failed",
        region,
        each.map(([name, { failed }]) => line(name, failed)),
      ),
      graph(
        "Milliseconds that runs took",
        region,
        each.map(([name, { time }]) => line(name, time)),
      ),
    ]),
  ];
}

function dataRows({ databases = {}, caches = {}, region }: DashboardArgs): Row[] {
  return [
    ...Object.entries(databases).map(([name, database]) =>
      row(databaseGraphs(name, database, region)),
    ),
    ...Object.entries(caches).map(([name, cache]) => row(cacheGraphs(name, cache, region))),
  ];
}

function deliveryRows({ pipeline, region }: DashboardArgs): Row[] {
  if (!pipeline) return [];
  const { failed, duration } = of.pipelineMetrics(pipeline.pipelineName);
  const drift = pipeline.drift && { ...pipeline.drift, statistic: "Maximum" };
  return [
    row([
      graph("Executions that failed", region, [line("failed", failed)]),
      graph("Seconds that executions took", region, [line("seconds", duration)]),
      ...(drift
        ? [graph("Resources that are not as applied", region, [line("drift", drift)])]
        : []),
    ]),
  ];
}

function logRows(args: DashboardArgs): Row[] {
  return logGroupsOf(args).map((groups) => ({
    height: graphHeight + 2,
    widgets: [logs("The newest lines", args.region, errorLines(groups))],
  }));
}

function row(widgets: readonly Unplaced[]): Row {
  return { height: graphHeight, widgets };
}
