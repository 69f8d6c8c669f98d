import type { TrafficShift } from "../shifts";
import type { Asked } from "./client";

/** What a client got from the services of an environment while something was delivered there, and who answered it. */
export interface TrafficReport {
  readonly stack: string;
  /** When the client began to ask, in ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  /** Of each service, in the order in which they were asked. */
  readonly services: readonly ServiceTraffic[];
}

export interface ServiceTraffic {
  /** As the stack file names it. */
  readonly service: string;
  readonly answers: readonly Answers[];
  /** How its deployments moved requests meanwhile. */
  readonly shifts: readonly TrafficShift[];
  /** Ids of releases by the ARNs of task definitions; those of no release are not among them: the placeholder's. */
  readonly releases: Readonly<Record<string, string>>;
}

/** Requests one after the other that were answered alike. */
export interface Answers {
  /** When the first and the last of them were sent, in ISO 8601. */
  readonly from: string;
  readonly until: string;
  readonly count: number;
  /** Null where no answer came. */
  readonly status: number | null;
  /** Why none came; or how an error of the server (5xx) begins. */
  readonly error?: string;
  /** ARN of what the task runs that was asked; null where the load balancer had none. */
  readonly taskDefinition: string | null;
  readonly kind: AnswerKind;
  /** What the slowest of them took. */
  readonly milliseconds: number;
}

/**
 * `verified`: by a release that had passed its verification; `unverified`: by one that had not, or had not yet;
 * `none`: by none, but by the placeholder or the load balancer itself; `failed`: no answer, or an error of the server (5xx).
 */
export type AnswerKind = "verified" | "unverified" | "none" | "failed";

/** What runs, as far as it is of a release. */
export interface KnownRelease {
  readonly id: string;
  /** From when on its verification had passed, in milliseconds since 1970. Undefined where it has not. */
  readonly verifiedAt?: number;
}

/**
 * Folds a service's requests, in their order.
 * @param releases by the ARNs of task definitions.
 * @param cuts moments, in milliseconds since 1970, over which nothing is folded: when weights changed.
 */
export function foldAnswers(
  asked: readonly Asked[],
  releases: ReadonlyMap<string, KnownRelease>,
  cuts: readonly number[] = [],
): Answers[] {
  const folded: Answers[] = [];
  const isCut = (from: string, to: number) =>
    cuts.some((cut) => Date.parse(from) < cut && cut <= to);
  const isAlike = (last: Answers, alike: Partial<Answers>) =>
    Object.entries(alike).every(([key, value]) => last[key as keyof Answers] === value);
  for (const one of asked) {
    const { status, error, taskDefinition, milliseconds } = one;
    const at = new Date(one.at).toISOString();
    const alike = {
      ...{ status, taskDefinition, kind: kindOf(one, releases) },
      ...(error === undefined ? {} : { error }),
    };
    const last = folded.at(-1);
    if (last && isAlike(last, alike) && !isCut(last.until, one.at)) {
      folded[folded.length - 1] = {
        ...last,
        ...{ until: at, count: last.count + 1 },
        milliseconds: Math.max(last.milliseconds, milliseconds),
      };
    } else folded.push({ from: at, until: at, count: 1, ...alike, milliseconds });
  }
  return folded;
}

function kindOf(
  { status, taskDefinition, ledAt }: Asked,
  releases: ReadonlyMap<string, KnownRelease>,
): AnswerKind {
  const release = taskDefinition === null ? undefined : releases.get(taskDefinition);
  // The image of a placeholder does not run here: no request for it can be answered.
  if (taskDefinition !== null && !release) return "none";
  if (status === null || status >= 500) return "failed";
  if (!release) return "none";
  return release.verifiedAt !== undefined && release.verifiedAt <= ledAt
    ? "verified"
    : "unverified";
}

/** How many requests were answered so. */
export function countOf(
  traffic: Pick<TrafficReport, "services">,
  kind: AnswerKind | "any" = "any",
): number {
  return traffic.services
    .flatMap(({ answers }) => answers)
    .filter((one) => kind === "any" || one.kind === kind)
    .reduce((sum, { count }) => sum + count, 0);
}

/** Whether no user should get such an answer. */
export function isWrong({ kind }: Pick<Answers, "kind">): boolean {
  return kind === "failed" || kind === "unverified";
}

/** What answers, for a person. @param arn of a task definition, or as `Answers` and `Weights` have it. */
export function nameOf({ releases }: Pick<ServiceTraffic, "releases">, arn: string | null): string {
  if (arn === null) return "load balancer";
  if (arn === "none") return "no tasks";
  return releases[arn] ?? "placeholder";
}
