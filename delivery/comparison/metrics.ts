import {
  GetMetricDataCommand,
  type CloudWatchClient,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import type { Colours } from "./colours";
import { leastRequests, type Answers, type ResponseTimes } from "./judge";

/** Both colours of a service, from when requests have gone to the new one. */
export interface Compared extends Colours {
  readonly since: Date;
}

/** What clients got of both. */
export interface BothAnswers {
  readonly old?: Answers;
  readonly now: Answers;
}

/** How long before the shift the old tasks are looked at, where they had few requests beside the new ones. */
const beforeMinutes = 10;
/** Programs are slow at first, with empty caches and code that is not compiled yet. */
const warmUpMinutes = 2;

const periodSeconds = 60;
const minuteMs = periodSeconds * 1000;

/** By the key of an answer's parts: the metric and its statistic ("CloudWatch metrics for your Application Load Balancer"). */
const asked = {
  requests: ["RequestCount", "Sum"],
  failed: ["HTTPCode_Target_5XX_Count", "Sum"],
  unconnected: ["TargetConnectionErrorCount", "Sum"],
  mean: ["TargetResponseTime", "Average"],
  p95: ["TargetResponseTime", "p95"],
} as const;

type Part = keyof typeof asked;
/** By minute, in milliseconds since 1970. */
type Minutes = Record<Part, ReadonlyMap<number, number>>;

/** What a call takes at most ("GetMetricData", CloudWatch API reference). */
const queriesPerCall = 500;

/**
 * What load balancers have counted of services by now: one call for fifty services. CloudWatch knows a minute when it is over,
 * and some time later.
 */
export async function answersOf(
  cloudwatch: CloudWatchClient,
  compared: readonly Compared[],
  now: Date,
): Promise<BothAnswers[]> {
  const found: BothAnswers[] = [];
  const perCall = Math.floor(queriesPerCall / (2 * Object.keys(asked).length));
  for (let start = 0; start < compared.length; start += perCall) {
    const some = compared.slice(start, start + perCall);
    const values = await ask(cloudwatch, some, now);
    found.push(...some.map((one, index) => both(one, values, index)));
  }
  return found;
}

async function ask(cloudwatch: CloudWatchClient, compared: readonly Compared[], now: Date) {
  const begin = Math.min(...compared.map(({ since }) => since.getTime()));
  const values = new Map<string, ReadonlyMap<number, number>>();
  const queries = compared.flatMap((one, index) => [
    ...queriesOf(one, one.now, `now${index}`),
    ...(one.old ? queriesOf(one, one.old, `old${index}`) : []),
  ]);
  let NextToken: string | undefined;
  do {
    const page = await cloudwatch.send(
      new GetMetricDataCommand({
        // To whole seconds, and by whole minutes from when requests went over: no minute has both before and after.
        StartTime: new Date(Math.floor(begin / 1000) * 1000 - beforeMinutes * minuteMs),
        EndTime: new Date(now.getTime() + minuteMs),
        MetricDataQueries: queries,
        NextToken,
      }),
    );
    for (const { Id = "", Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
      const more = Timestamps.map((time, index) => [time.getTime(), Values[index]] as const);
      values.set(Id, new Map([...(values.get(Id) ?? []), ...more]));
    }
    ({ NextToken } = page);
  } while (NextToken);
  return values;
}

function queriesOf(
  { loadBalancer }: Compared,
  targetGroup: string,
  side: string,
): MetricDataQuery[] {
  const Dimensions = [
    { Name: "LoadBalancer", Value: loadBalancer },
    { Name: "TargetGroup", Value: targetGroup },
  ];
  return Object.entries(asked).map(([part, [MetricName, Stat]]) => ({
    Id: idOf(side, part),
    MetricStat: {
      Metric: { Namespace: "AWS/ApplicationELB", MetricName, Dimensions },
      ...{ Period: periodSeconds, Stat },
    },
  }));
}

function idOf(side: string, part: string): string {
  return `${side}_${part}`;
}

function both(
  { since, old, oldSince }: Compared,
  values: ReadonlyMap<string, ReadonlyMap<number, number>>,
  index: number,
): BothAnswers {
  const minutes = (side: string) =>
    Object.fromEntries(
      Object.keys(asked).map((part) => [part, values.get(idOf(`${side}${index}`, part))]),
    ) as Partial<Minutes>;
  // CloudWatch's minutes are those of the clock: the one in which requests went over counts.
  const from = since.getTime() - minuteMs;
  const now = sum(minutes("now"), from, from + warmUpMinutes * minuteMs);
  if (old === undefined) return { now };
  const beside = sum(minutes("old"), from);
  if (beside.requests >= leastRequests) return { now, old: beside };
  return { now, old: sum(minutes("old"), oldSince.getTime() - minuteMs) };
}

/** What came in minutes that began after a time, in milliseconds; times of answers count from `warm` on. */
function sum(minutes: Partial<Minutes>, after: number, warm = after): Answers {
  const total = (part: Part) =>
    [...(minutes[part] ?? [])].reduce((all, [at, value]) => all + (at > after ? value : 0), 0);
  const seconds = timesOf(minutes, warm);
  return {
    requests: total("requests"),
    errors: total("failed") + total("unconnected"),
    ...(seconds ? { seconds } : {}),
  };
}

/** Of each minute by its requests: how p95 of several is nobody can say. */
function timesOf(
  { requests, mean, p95 }: Partial<Minutes>,
  after: number,
): ResponseTimes | undefined {
  const all = [...(requests ?? [])].filter(([at]) => at > after && mean?.has(at));
  const count = all.reduce((sum, [, value]) => sum + value, 0);
  if (count === 0) return undefined;
  const weighted = (part: ReadonlyMap<number, number> | undefined) =>
    all.reduce((sum, [at, value]) => sum + value * (part?.get(at) ?? 0), 0) / count;
  return { requests: count, mean: weighted(mean), p95: weighted(p95) };
}
