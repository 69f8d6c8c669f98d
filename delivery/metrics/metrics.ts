import { counted } from "../../contract/counted";
import { changesOf, type Change, type Told } from "./changes";
import { statisticsOf, type Statistics } from "./statistics";
import { weekOf, weeksBetween, type Week } from "./weeks";

/** Raised with each change that whoever reads the JSON must know of; new fields do not raise it. */
export const metricsVersion = 1;

/** What a time comes to. Times are in seconds. */
export interface Figures {
  /** Changes that users met: what deployment frequency counts. */
  readonly deployments: number;
  /** Of these: those that were gone back from. */
  readonly failed: number;
  /** `failed` of `deployments`, 0 to 1. Absent where there was no deployment. */
  readonly changeFailureRate?: number;
  /** From a commit until it runs in this environment. */
  readonly leadTime: Statistics;
  /** From when users met a change that failed until a release ran well again. */
  readonly timeToRestore: Statistics;
  /** Changes that were taken back before users met them, or before they ran in whole. They count in none of the above. */
  readonly prevented: number;
  /** Changes whose place a newer one took before they were approved. The same. */
  readonly superseded: number;
  /** Deployments that an override let past a closed gate, as it does a hotfix: a part of `deployments`. */
  readonly overridden: number;
}

/** Delivery metrics of an environment: what `gantry metrics --json` prints. */
export interface DeliveryMetrics extends Figures {
  readonly version: typeof metricsVersion;
  readonly stack: string;
  /** ISO 8601, UTC. Not before the history begins. */
  readonly from: string;
  readonly to: string;
  /** Deployments of each week, those without one too. */
  readonly perWeek: Statistics;
  readonly weeks: readonly (Week & Figures)[];
  /** What these figures do not know, for people. */
  readonly gaps: readonly string[];
}

export interface MetricsOptions extends Told {
  readonly stack: string;
  readonly since: Date;
  readonly until: Date;
}

/** DORA's four metrics of an environment, as `docs/facts.md` defines them, from its ledger alone. */
export function deliveryMetrics(options: MetricsOptions): DeliveryMetrics {
  const { stack, since, until, records, isWhole } = options;
  const begin = records.at(-1)?.begunAt;
  const from =
    isWhole && begin !== undefined ? new Date(Math.max(since.getTime(), Date.parse(begin))) : since;
  const changes = changesOf(options).filter((change) => isWithin(momentOf(change), from, until));
  const byWeek = new Map<string, Change[]>();
  for (const change of changes) {
    const { name } = weekOf(new Date(momentOf(change)));
    byWeek.set(name, [...(byWeek.get(name) ?? []), change]);
  }
  const isAny = records.length > 0;
  const weeks = (isAny ? weeksBetween(from, until) : []).map((week) => ({
    ...week,
    ...figuresOf(byWeek.get(week.name) ?? []),
  }));
  return {
    ...{ version: metricsVersion, stack, from: from.toISOString(), to: until.toISOString() },
    ...figuresOf(changes),
    perWeek: statisticsOf(weeks.map(({ deployments }) => deployments)),
    weeks,
    gaps: gapsOf(changes, options, from),
  };
}

/** What a change counts by: when users met it, and else when it began. */
function momentOf({ servedAt, begunAt }: Change): string {
  return servedAt ?? begunAt;
}

function isWithin(at: string, from: Date, until: Date): boolean {
  const ms = Date.parse(at);
  return ms >= from.getTime() && ms <= until.getTime();
}

function figuresOf(changes: readonly Change[]): Figures {
  const served = changes.filter(({ servedAt }) => servedAt !== undefined);
  const failed = served.filter(({ outcome }) => outcome === "failed");
  const count = (wanted: Change["outcome"]) =>
    changes.filter(({ outcome }) => outcome === wanted).length;
  return {
    deployments: served.length,
    failed: failed.length,
    ...(served.length > 0 ? { changeFailureRate: failed.length / served.length } : {}),
    leadTime: statisticsOf(served.flatMap(({ leadSeconds: seconds }) => seconds ?? [])),
    timeToRestore: statisticsOf(failed.flatMap(({ restoreSeconds: seconds }) => seconds ?? [])),
    prevented: count("prevented"),
    superseded: count("superseded"),
    overridden: served.filter(({ isOverridden }) => isOverridden).length,
  };
}

function gapsOf(
  changes: readonly Change[],
  { records, isWhole, since }: MetricsOptions,
  from: Date,
): string[] {
  const lacks = (why: Change["leadUnknown"]) =>
    changes.filter(({ leadUnknown }) => leadUnknown === why).length;
  const failing = changes.filter(
    ({ outcome, restoreSeconds }) => outcome === "failed" && restoreSeconds === undefined,
  );
  const [noTime, noFirst] = [lacks("commitTime"), lacks("firstRun")];
  return [
    ...(records.length === 0 ? ["the history has no deployment"] : []),
    ...(isWhole && from > since ? [`the history begins at ${from.toISOString()}`] : []),
    ...(noTime > 0
      ? [
          `lead time: of ${counted(noTime, "deployment")} the ledger has no commit time. It is kept since the version that brought ` +
            "gantry metrics, where git or the pipeline's source tells it; a source in S3 does not",
        ]
      : []),
    ...(noFirst > 0
      ? [
          `lead time: ${counted(noFirst, "deployment")} left out, of releases that may have run before this time`,
        ]
      : []),
    ...failing.map(
      ({ number, release }) =>
        `time to restore: deployment ${number} of ${release} failed, and nothing has run well since`,
    ),
  ];
}
