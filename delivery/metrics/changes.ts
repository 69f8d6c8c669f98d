import type { DeploymentRecord, LedgerNote, Override } from "../ledger";

/**
 * What became of a change, which is a deployment of a release that was asked for (`kind: deploy`). Rollbacks and restores bring
 * back what ran: they are no changes, but what ends a failure.
 *
 * - `good`: it serves, or served until a newer one came.
 * - `failed`: users met it, and it was gone back from: by its verification, while requests went over, or by a person's rollback.
 * - `prevented`: it was taken back before users met it, or before it ran in whole.
 * - `superseded`: a newer release took its place before people had approved it.
 * - `open`: it is being made.
 */
export type ChangeOutcome = "good" | "failed" | "prevented" | "superseded" | "open";

export interface Change {
  readonly number: number;
  /** Id of the release. */
  readonly release: string;
  readonly outcome: ChangeOutcome;
  /** When users met it: ISO 8601, UTC. Absent where they never did. */
  readonly servedAt?: string;
  /** When it began: ISO 8601, UTC. */
  readonly begunAt: string;
  /** From its commit until it ran. Absent where it did not, ran before, or the commit's time is not known. */
  readonly leadSeconds?: number;
  /** Why there is no lead time of a change that ran for the first time. */
  readonly leadUnknown?: "commitTime" | "firstRun";
  /** Of one that failed: from when users met it until a release ran well again. Absent while none does. */
  readonly restoreSeconds?: number;
  /** Whether an override let it past a closed gate, as it does a hotfix. */
  readonly isOverridden: boolean;
}

/** What the ledger tells of a time. */
export interface Told {
  /** Newest first. */
  readonly records: readonly DeploymentRecord[];
  readonly notes?: readonly LedgerNote[];
  /** Whether there was no deployment before these. */
  readonly isWhole: boolean;
}

/** The changes that the records tell, oldest first. */
export function changesOf({ records, notes = [], isWhole }: Told): Change[] {
  const oldestFirst = [...records].reverse();
  const overrides = notes.flatMap((note) => (note.note === "override" ? [note] : []));
  const ran = new Set<string>();
  const from = oldestFirst.at(0)?.begunAt ?? "";
  return oldestFirst
    .filter(({ kind }) => kind === "deploy")
    .map((record, index, all) => {
      const { number, release, begunAt } = record;
      const servedAt = servedFrom(record);
      const isFirst = servedAt !== undefined && !ran.has(release.id);
      if (servedAt !== undefined) ran.add(release.id);
      const failed = servedAt !== undefined && hasFailed(record, all.slice(index + 1), records);
      const restoredAt = failed ? restoredFrom(record, oldestFirst) : undefined;
      return {
        ...{ number, release: release.id, begunAt },
        outcome: failed ? "failed" : outcomeOf(record, servedAt),
        ...(servedAt === undefined ? {} : { servedAt }),
        // It may have run before the oldest that was read.
        ...(isFirst ? leadOf(record, isWhole || release.createdAt >= from) : {}),
        ...(restoredAt && servedAt ? { restoreSeconds: secondsBetween(servedAt, restoredAt) } : {}),
        isOverridden: overrides.some((one) => isInForce(one, record)),
      };
    });
}

function isInForce({ at, until, release }: Override, deployment: DeploymentRecord): boolean {
  const begun = Date.parse(deployment.begunAt);
  const isForIt = release === undefined || release === deployment.release.id;
  return isForIt && Date.parse(at) <= begun && begun < Date.parse(until);
}

/** When users met it: once it was deployed, or as requests went over to it, where an alarm or the comparison took it back then. */
function servedFrom({ times, failedStage }: DeploymentRecord): string | undefined {
  return times.deployed ?? (failedStage === "shift" ? times.concluding : undefined);
}

function outcomeOf(
  { status, failedStage }: DeploymentRecord,
  servedAt: string | undefined,
): ChangeOutcome {
  if (servedAt !== undefined) return "good";
  if (failedStage === "superseded") return "superseded";
  return status === "failed" ? "prevented" : "open";
}

/**
 * @param later deployments of changes after it, oldest first.
 * @param records all, newest first.
 */
function hasFailed(
  record: DeploymentRecord,
  later: readonly DeploymentRecord[],
  records: readonly DeploymentRecord[],
): boolean {
  if (record.status === "failed") return true;
  // The same release, deployed again: what was gone back from is the newest of them.
  const again = later.find(
    ({ release, times }) => release.id === record.release.id && times.deployed,
  );
  return records.some(
    ({ kind, number, previous, release }) =>
      kind === "rollback" &&
      number > record.number &&
      number < (again?.number ?? Infinity) &&
      previous?.id === record.release.id &&
      release.id !== record.release.id,
  );
}

/** When a release ran well again: what was put back within the deployment itself, or the next deployment of another release. */
function restoredFrom(
  record: DeploymentRecord,
  oldestFirst: readonly DeploymentRecord[],
): string | undefined {
  const own = record.restored === undefined ? [] : [record.times.failed];
  const next = oldestFirst.find(
    ({ number, release, times }) =>
      number > record.number && release.id !== record.release.id && times.deployed,
  );
  return [...own, next?.times.deployed]
    .filter((time) => time !== undefined)
    .sort()
    .at(0);
}

function leadOf(
  { origin, times }: DeploymentRecord,
  isFirstForSure: boolean,
): Pick<Change, "leadSeconds" | "leadUnknown"> {
  // Of one that was taken back as requests went over, it never ran in whole.
  if (times.deployed === undefined) return {};
  if (!isFirstForSure) return { leadUnknown: "firstRun" };
  if (origin?.committedAt === undefined) return { leadUnknown: "commitTime" };
  return { leadSeconds: secondsBetween(origin.committedAt, times.deployed) };
}

/** Never less than none: clocks differ. */
function secondsBetween(from: string, to: string): number {
  return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
}
