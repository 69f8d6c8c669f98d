import type { ChangeTimes } from "../contract/changeTimes";
import type { Release } from "../contract/manifest";
import { postureWarnings } from "../stacks/config";
import type { PlannedChange } from "./engine";
import type { ClosedGate } from "./gates";
import { beyondImages, type Difference } from "./plan/differences";
import type { EndedHold } from "./plan/endedHold";
import { plannedTimes } from "./plan/times";
import type { ToldDanger } from "./preflight/danger";
import type { PastRelease, ReleaseEvidence, Verification } from "./releaseEvidence";
import type { Target } from "./target";

export { evidenceSummary, summaryLines } from "./plan/summary";
export { evidenceMarkdown } from "./plan/text";

/** The image of a service before and after. */
export interface ImageChange {
  readonly service: string;
  readonly from?: { readonly tag: string; readonly digest: string };
  readonly to?: { readonly tag: string; readonly digest: string };
  readonly changed: boolean;
}

/** What whoever approves a release should see. */
export interface PlanEvidence {
  readonly stack: string;
  /** Id of the release. */
  readonly release: string;
  readonly commit: string;
  readonly subject?: string;
  readonly author?: string;
  /** ISO 8601, UTC. */
  readonly committedAt?: string;
  /** What runs; absent before the first release. */
  readonly running?: { readonly release: string; readonly commit: string };
  /** Releases whose commits come with this one: they came before it and after what runs, and need not be good. Newest first. */
  readonly between: readonly PastRelease[];
  /** Whether what runs was found among the earlier releases: without it, more may come than `between` says. */
  readonly rangeIsKnown: boolean;
  /** Where the commits can be looked at. */
  readonly compareUrl?: string;
  readonly images: readonly ImageChange[];
  /** Other than images. */
  readonly settings: readonly Difference[];
  /** The release whose settings these are compared with, where that waited then and what runs is an earlier one. Default: what runs. */
  readonly settingsSince?: string;
  /** What is dangerous in the environment's config and in the images, with the reason where somebody accepted it. Absent in plans of earlier versions. */
  readonly dangers?: readonly ToldDanger[];
  /** What the policy pack advises, where the program is held to one: a line each. Absent in plans of earlier versions. */
  readonly policy?: readonly string[];
  /** What the deployment of each service takes that gets one. */
  readonly times: Readonly<Record<string, ChangeTimes>>;
  readonly tests: Readonly<Record<string, string>>;
  readonly scans: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** In the environment that promoted it. */
  readonly verification?: Verification;
  /** What would keep it from being deployed at the moment of the plan. */
  readonly gates: readonly ClosedGate[];
  /** A person's rollback, where no release was deployed since somebody let them come again. */
  readonly hold?: EndedHold;
  /** What was verified in this one, where people are asked after that, and whether new tasks of it wait without requests. */
  readonly here?: { readonly verification: Verification; readonly waits: boolean };
  /** ISO 8601, UTC. */
  readonly plannedAt: string;
  /** Who made the plan: the execution of the pipeline. */
  readonly plannedBy: string;
}

export interface EvidenceOptions {
  readonly target: Target;
  readonly release: Release;
  readonly running: Release | undefined;
  /** Id of what waits meanwhile, and what is planned against. Default: nothing does. */
  readonly waiting?: string;
  readonly evidence: ReleaseEvidence;
  /** What the plan would change. */
  readonly changes: readonly PlannedChange[];
  /** What would keep it from being deployed. */
  readonly gates: readonly ClosedGate[];
  /** Default: there was none. */
  readonly hold?: EndedHold;
  /** What is dangerous in the images. Default: nothing. */
  readonly imageDangers?: readonly ToldDanger[];
  /** Default: it advises nothing, or there is none. */
  readonly policy?: readonly string[];
  readonly plannedAt: Date;
  readonly plannedBy: string;
}

/** Gathers what is known of a release and of what it would change. */
export function planEvidence(options: EvidenceOptions): PlanEvidence {
  const { target, release, running, evidence, changes, gates, plannedAt, plannedBy } = options;
  const { subject, author, committedAt, tests, scans, verification } = evidence;
  return {
    stack: target.stack,
    release: release.id,
    commit: release.commit,
    ...{ subject, author, committedAt },
    ...sinceRelease(evidence, release, running),
    settings: beyondImages(target, changes),
    ...(options.waiting ? { settingsSince: options.waiting } : {}),
    dangers: [
      ...postureWarnings(target.config, plannedAt).map(({ path, danger, verdict }) => ({
        ...{ path, danger, verdict },
      })),
      ...(options.imageDangers ?? []),
    ],
    policy: options.policy ?? [],
    times: plannedTimes(target, changes),
    ...{ tests, scans, verification, gates },
    ...(options.hold ? { hold: options.hold } : {}),
    plannedAt: plannedAt.toISOString(),
    plannedBy,
  };
}

/**
 * The evidence of a plan, compared with what really ran when it was deployed: what had waited at the time of the plan may have been
 * approved since, or gone back from.
 * @param known of the release.
 */
export function evidenceSince(
  evidence: PlanEvidence,
  known: ReleaseEvidence,
  release: Release,
  running: Release | undefined,
): PlanEvidence {
  const { settingsSince, ...rest } = evidence;
  return {
    ...rest,
    ...sinceRelease(known, release, running),
    ...(settingsSince === undefined || settingsSince === running?.id ? {} : { settingsSince }),
  };
}

function sinceRelease(evidence: ReleaseEvidence, release: Release, running: Release | undefined) {
  const range = commitRange(evidence.history, running);
  return {
    running: running && { release: running.id, commit: running.commit },
    between: range.releases,
    rangeIsKnown: range.isKnown,
    compareUrl: compareUrl(evidence, release, running),
    images: imageChanges(release, running),
  };
}

/** The releases after what runs; all that are known where it is not among them. */
export function commitRange(
  history: readonly PastRelease[],
  running: Release | undefined,
): { readonly releases: readonly PastRelease[]; readonly isKnown: boolean } {
  const end = running
    ? history.findIndex(
        ({ release, commit }) => release === running.id || commit === running.commit,
      )
    : -1;
  return end < 0
    ? { releases: running ? history : [], isKnown: false }
    : { releases: history.slice(0, end), isKnown: true };
}

/** A page of the source's host with every commit between the two; undefined where the host is not known. */
export function compareUrl(
  { repository, compareBase }: Pick<ReleaseEvidence, "repository" | "compareBase">,
  release: Release,
  running: Release | undefined,
): string | undefined {
  const isGithub = repository?.startsWith("https://github.com/") ?? false;
  if (!running || running.commit === release.commit) {
    return isGithub ? `${repository}/commit/${release.commit}` : undefined;
  }
  const base = compareBase ?? (isGithub ? `${repository}/compare/` : undefined);
  return base && `${base}${running.commit}...${release.commit}`;
}

function imageChanges(release: Release, running: Release | undefined): ImageChange[] {
  const before = running?.images ?? {};
  const services = new Set([...Object.keys(release.images), ...Object.keys(before)]);
  return [...services].sort().map((service) => {
    const from = imageOf(before, service);
    const to = imageOf(release.images, service);
    return { service, from, to, changed: from?.digest !== to?.digest };
  });
}

function imageOf(images: Release["images"], service: string): ImageChange["from"] {
  if (!Object.hasOwn(images, service)) return undefined;
  const { tag, digest } = images[service];
  return { tag, digest };
}
