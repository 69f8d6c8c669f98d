import type { Release } from "../../contract/manifest";
import type { CommitDetails } from "../../delivery/commit";
import { succeeded } from "../../delivery/deploy/history";
import type {
  DeploymentKind,
  DeploymentRecord,
  DeploymentStatus,
  LedgerView,
} from "../../delivery/ledger";
import { rollbackTarget } from "../../delivery/rollbackTarget";
import type { Bundle } from "../pipeline/bundles";
import type { UnderWay } from "../pipeline/underWay";

/**
 * What became of a release in an environment. `desired`: it should run. `rolledBack`: somebody went back from it. `earlier`: it ran, and
 * another came after it. `waiting`: it was built or promoted, and nothing of it was deployed yet. `superseded`: a newer one took its place before people had approved it. `refused`: gates or a hold kept it out.
 */
export type ReleaseState =
  | "desired"
  | "inProgress"
  | "held"
  | "rolledBack"
  | "earlier"
  | "failed"
  | "superseded"
  | "waiting"
  | "refused";

/** A release as an environment knows it. Times are ISO 8601, UTC. */
export interface KnownRelease {
  readonly id: string;
  /** In full. Absent of one that was never deployed: the id begins as it does. */
  readonly commit?: string;
  /** First line of the commit's message, where the repository here has it. */
  readonly subject?: string;
  readonly author?: string;
  /** Absent of one that was never deployed. */
  readonly builtAt?: string;
  /** By service. Absent of one that was never deployed. */
  readonly images?: Readonly<Record<string, { readonly tag: string; readonly digest: string }>>;
  readonly state: ReleaseState;
  /** Why it failed or was refused, in one line. */
  readonly reason?: string;
  /** Whether any deployment of it was verified. */
  readonly isVerified: boolean;
  /** The newest deployment of it. Absent where it was never deployed. */
  readonly deployment?: {
    readonly number: number;
    readonly kind: DeploymentKind;
    readonly status: DeploymentStatus;
    /** Who began it, for people. */
    readonly by: string;
    /** When it ended, else when it was begun. */
    readonly at: string;
  };
  /**
   * Whether `gantry rollback` takes it: `default` without a name, `named` with `--to`. Absent where it does not: of what runs, and
   * of what was never deployed.
   */
  readonly rollback?: "default" | "named";
  /** Where it is in the pipeline. Absent of one that is not there. */
  readonly pipeline?: Omit<UnderWay, "release">;
  /** Other stacks of the folder that should run it. */
  readonly runsIn: readonly string[];
}

/** What `gantry releases --json` prints beside the version. */
export interface Releases {
  readonly stack: string;
  /** Whether somebody holds the environment: new releases are refused until `gantry resume`. */
  readonly isOnHold: boolean;
  /** The one that was deployed last first. */
  readonly releases: readonly KnownRelease[];
  /** What could not be read of other environments, for people. */
  readonly gaps: readonly string[];
}

export interface ReleasesOptions {
  readonly stack: string;
  /** What the pipeline is at. Default: nothing. */
  readonly underWay?: readonly UnderWay[];
  /** What was promoted last. Default: nothing. */
  readonly promoted?: Bundle;
  /** What could not be read of either, for people. Default: nothing. */
  readonly gaps?: readonly string[];
  /** Of the ledger: all deployments. */
  readonly view: LedgerView;
  /** What the pointer says. */
  readonly desired: Release | undefined;
  /** How many. */
  readonly limit: number;
  /** What git says of a commit. */
  readonly details: (commit: string) => Promise<CommitDetails | undefined>;
  /** The releases that other stacks should run, by stack; a text says why that is not known. */
  readonly others: Readonly<Record<string, Release | undefined | string>>;
}

/** The releases that an environment knows. */
export async function knownReleases(options: ReleasesOptions): Promise<Releases> {
  const { stack, limit, details, others } = options;
  const { view } = options;
  const all = releasesOf(options).slice(0, limit);
  const releases = await Promise.all(
    all.map(async (release) => {
      const found = release.commit === undefined ? undefined : await details(release.commit);
      const runsIn = Object.entries(others)
        .filter(([, other]) => typeof other === "object" && other.id === release.id)
        .map(([name]) => name);
      return {
        ...release,
        ...(found ? { subject: found.subject, author: found.author } : {}),
        runsIn,
      };
    }),
  );
  const gaps = Object.entries(others).flatMap(([name, other]) =>
    typeof other === "string" ? [`whether ${name} runs one of them is not known: ${other}`] : [],
  );
  return {
    ...{ stack, isOnHold: view.standing?.hold !== undefined, releases },
    gaps: [...(options.gaps ?? []), ...gaps],
  };
}

function releasesOf(options: ReleasesOptions): Omit<KnownRelease, "runsIn">[] {
  const { view, desired, stack, underWay = [] } = options;
  const { records } = view;
  const byId = new Map<string, DeploymentRecord[]>();
  for (const record of records) {
    byId.set(record.release.id, [...(byId.get(record.release.id) ?? []), record]);
  }
  const back = defaultRollback(records, desired, stack);
  const known = [...byId.values()].map((own) => {
    const [{ release, number, kind, status, actor, endedAt, begunAt }] = own;
    const state = stateOf(own, records, desired);
    const reason = state === "failed" || state === "superseded" ? own[0].reason : undefined;
    return {
      ...described(release),
      ...{ state, isVerified: own.some((one) => one.status === "verified") },
      ...(reason === undefined ? {} : { reason: reason.split("\n")[0] }),
      deployment: { number, kind, status, by: actor, at: endedAt ?? begunAt },
      ...(release.id === desired?.id
        ? {}
        : { rollback: release.id === back ? ("default" as const) : ("named" as const) }),
    };
  });
  const deployed = [...refusedOf(view, byId), ...lostOf(desired, byId), ...known];
  return [...waitingOf(options, deployed), ...deployed].map((release) => {
    const place = underWay.find((one) => one.release === release.id);
    if (!place) return release;
    const { execution, stage, waitsFor } = place;
    const where = { ...(stage === undefined ? {} : { stage }), ...(waitsFor ? { waitsFor } : {}) };
    return { ...release, pipeline: { execution, ...where } };
  });
}

/** What was built or promoted, and is not known otherwise. */
function waitingOf(
  { underWay = [], promoted: newest, desired }: ReleasesOptions,
  known: readonly Pick<KnownRelease, "id">[],
): Omit<KnownRelease, "runsIn">[] {
  // Of what is older than what runs, the history was lost.
  const isOlder = desired && newest && Date.parse(newest.createdAt) < Date.parse(desired.createdAt);
  const promoted = isOlder ? undefined : newest;
  const ids = new Set([
    ...underWay.map(({ release }) => release),
    ...(promoted ? [promoted.id] : []),
  ]);
  for (const { id } of known) ids.delete(id);
  return [...ids].map((id) => ({
    ...{ id, state: "waiting", isVerified: false },
    ...(promoted?.id === id
      ? {
          builtAt: promoted.createdAt,
          ...(promoted.commit === undefined ? {} : { commit: promoted.commit }),
        }
      : {}),
  }));
}

function described({ id, commit, createdAt, images }: Release) {
  const short = Object.entries(images).map(([service, { tag, digest }]) => [
    service,
    { tag, digest },
  ]);
  return {
    ...{ id, commit, builtAt: createdAt },
    images: Object.fromEntries(short) as NonNullable<KnownRelease["images"]>,
  };
}

/** The newest that was refused, where nothing of it was ever deployed. */
function refusedOf(
  { notes = [], records }: LedgerView,
  byId: ReadonlyMap<string, unknown>,
): Omit<KnownRelease, "runsIn">[] {
  const newest = notes.find(({ note }) => note === "refused");
  if (newest?.note !== "refused" || byId.has(newest.release)) return [];
  if (newest.number < (records.at(0)?.number ?? 0)) return [];
  const reason = newest.reason.split("\n")[0];
  return [{ id: newest.release, state: "refused", reason, isVerified: false }];
}

/** What should run and the history has lost. */
function lostOf(
  desired: Release | undefined,
  byId: ReadonlyMap<string, unknown>,
): Omit<KnownRelease, "runsIn">[] {
  if (!desired || byId.has(desired.id)) return [];
  return [{ ...described(desired), state: "desired", isVerified: false }];
}

/** @param own the deployments of the release, newest first. */
function stateOf(
  own: readonly DeploymentRecord[],
  records: readonly DeploymentRecord[],
  desired: Release | undefined,
): ReleaseState {
  const [newest] = own;
  const { id } = newest.release;
  if (newest.status === "inProgress" || newest.status === "held") return newest.status;
  if (id === desired?.id) return "desired";
  if (newest.failedStage === "superseded") return "superseded";
  const ran = own.find(succeeded);
  if (!ran) return "failed";
  const next = records.findLast((one) => one.number > ran.number && succeeded(one));
  if (next?.kind === "rollback" && next.previous?.id === id) return "rolledBack";
  return newest.status === "failed" ? "failed" : "earlier";
}

/** Where a rollback without a name goes; undefined where it has nowhere to go. */
function defaultRollback(
  records: readonly DeploymentRecord[],
  desired: Release | undefined,
  stack: string,
): string | undefined {
  try {
    return rollbackTarget(records, desired, undefined, stack).id;
  } catch {
    return undefined;
  }
}
