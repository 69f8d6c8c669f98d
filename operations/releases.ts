import type { Release } from "../contract/manifest";
import { cutText } from "../contract/plainText";
import type { CommitDetails } from "../delivery/commit";
import { succeeded } from "../delivery/deploy/history";
import { sinceText, type Reader } from "../delivery/facts/times";
import type { Mood } from "../delivery/facts/state";
import type {
  DeploymentKind,
  DeploymentRecord,
  DeploymentStatus,
  LedgerView,
} from "../delivery/ledger";
import { rollbackTarget } from "../delivery/rollback";
import { table } from "../delivery/text";

/**
 * What became of a release in an environment. `desired`: it should run. `rolledBack`: somebody went back from it. `earlier`: it ran, and
 * another came after it. `superseded`: a newer one took its place before people had approved it. `refused`: gates or a hold kept it out.
 */
export type ReleaseState =
  | "desired"
  | "inProgress"
  | "held"
  | "rolledBack"
  | "earlier"
  | "failed"
  | "superseded"
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
  const { stack, view, desired, limit, details, others } = options;
  const all = releasesOf(view, desired, stack).slice(0, limit);
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
  return { stack, isOnHold: view.standing?.hold !== undefined, releases, gaps };
}

function releasesOf(
  view: LedgerView,
  desired: Release | undefined,
  stack: string,
): Omit<KnownRelease, "runsIn">[] {
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
  return [...refusedOf(view, byId), ...lostOf(desired, byId), ...known];
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

const states: Readonly<Record<ReleaseState, readonly [Mood, string]>> = {
  desired: ["good", "should run"],
  inProgress: ["quiet", "is being deployed"],
  held: ["quiet", "waits for its verification"],
  rolledBack: ["bad", "rolled back"],
  earlier: ["quiet", "ran before"],
  failed: ["bad", "failed"],
  superseded: ["quiet", "superseded"],
  refused: ["quiet", "refused"],
};

const mostImages = 3;

/** The releases for people. @param paint default: no colours. */
export function releasesText(
  { stack, releases, isOnHold, gaps }: Releases,
  reader: Reader,
  paint: (mood: Mood, text: string) => string = (_, text) => text,
): string {
  if (releases.length === 0) return `${stack} knows no release yet, or its history was lost`;
  const back = releases.find(({ rollback }) => rollback === "default");
  const hold = isOnHold
    ? [`${stack} is on hold: new releases are refused until gantry resume --stack ${stack}`]
    : [];
  return [
    table(
      ["RELEASE", "COMMIT", "BUILT", "DEPLOYED", "BY", "IMAGES", "ALSO IN", "STATE"],
      releases.map((release) => row(release, reader, paint)),
    ),
    "",
    ...hold,
    ...(back
      ? [
          `gantry rollback --stack ${stack} goes to ${back.id}; --to takes every other one that was deployed`,
        ]
      : []),
    ...gaps,
    `Times are of ${reader.timezone}.`,
  ].join("\n");
}

function row(
  {
    id,
    commit,
    subject,
    builtAt,
    deployment,
    images,
    runsIn,
    state,
    isVerified,
    reason,
  }: KnownRelease,
  reader: Reader,
  paint: (mood: Mood, text: string) => string,
): string[] {
  const [mood, text] = states[state];
  const more = [
    ...(isVerified ? ["verified"] : []),
    ...(reason === undefined ? [] : [cutText(reason, 80)]),
  ];
  return [
    id,
    [commit?.slice(0, 8) ?? id.slice(0, 8), cutText(subject ?? "", 50)].join(" ").trim(),
    builtAt === undefined ? "-" : sinceText(builtAt, reader),
    deployment ? sinceText(deployment.at, reader) : "-",
    deployment?.by ?? "-",
    imagesText(images),
    runsIn.join(", ") || "-",
    // The last column: what colours it has no width.
    paint(mood, [text, ...more].join(", ")),
  ];
}

function imagesText(images: KnownRelease["images"] = {}): string {
  const each = Object.entries(images).map(
    ([service, { digest }]) => `${service} ${digest.slice("sha256:".length, 19)}`,
  );
  const shown = each.slice(0, mostImages).join(", ");
  const more = each.length - mostImages;
  return more > 0 ? `${shown} and ${more} more` : shown || "-";
}
