import type { Release } from "../../contract/manifest";
import { firstLineOf } from "../../delivery/errors";
import type { Target } from "../../delivery/target";
import {
  configDifferences,
  secretDifferences,
  type ConfigDifference,
  type SecretDifference,
} from "./config";

/** Commits that one release has and the other has not, newest first: `3f9c2a1b Take cards`. */
export interface Commits {
  /** How many. */
  readonly onlyInA: number;
  readonly onlyInB: number;
  /** Twenty of each at most. */
  readonly subjectsOfA: readonly string[];
  readonly subjectsOfB: readonly string[];
}

/** What `gantry diff --json` prints beside the version. */
export interface EnvironmentDiff {
  /** Names of the stacks. */
  readonly a: string;
  readonly b: string;
  /** What each should run. Absent where nobody asked AWS. */
  readonly releases?: {
    /** Ids. Absent before the first release, and where it could not be read. */
    readonly a?: string;
    readonly b?: string;
    /** Services whose image differs; digests in full, absent where that release has none. */
    readonly images: readonly {
      readonly service: string;
      readonly a?: string;
      readonly b?: string;
    }[];
    /** Absent where the repository here has not both. */
    readonly commits?: Commits;
  };
  /** After defaults. */
  readonly config: readonly ConfigDifference[];
  readonly secrets: readonly SecretDifference[];
  /** What could not be read, for people. */
  readonly gaps: readonly string[];
}

export interface DiffOptions {
  readonly a: Pick<Target, "stack" | "config">;
  readonly b: Pick<Target, "stack" | "config">;
  /** What a stack should run. Default: nobody is asked. */
  readonly release?: (stack: string) => Promise<Release | undefined>;
  /** What git answers in the repository; undefined where it cannot. */
  readonly git: (args: readonly string[]) => Promise<string | undefined>;
}

const mostSubjects = 20;

/** Compares two environments of a project. */
export async function diff({ a, b, release, git }: DiffOptions): Promise<EnvironmentDiff> {
  const gaps: string[] = [];
  const read = async (stack: string) => {
    try {
      return await release?.(stack);
    } catch (error) {
      gaps.push(`what ${stack} should run is not known: ${firstLineOf(error)}`);
      return undefined;
    }
  };
  const [ofA, ofB] = await Promise.all([read(a.stack), read(b.stack)]);
  const commits = ofA && ofB ? await commitsBetween(ofA.commit, ofB.commit, git) : undefined;
  if (ofA && ofB && !commits && ofA.commit !== ofB.commit) {
    gaps.push("the commits between the releases are not known: the repository here has not both");
  }
  return {
    ...{ a: a.stack, b: b.stack },
    ...(release
      ? {
          releases: {
            ...(ofA ? { a: ofA.id } : {}),
            ...(ofB ? { b: ofB.id } : {}),
            images: ofA && ofB ? imagesOf(ofA, ofB) : [],
            ...(commits ? { commits } : {}),
          },
        }
      : {}),
    config: configDifferences(a.config, b.config),
    secrets: secretDifferences(a.config, b.config),
    gaps,
  };
}

function imagesOf({ images: ofA }: Release, { images: ofB }: Release) {
  const digest = (images: Release["images"], service: string) =>
    Object.hasOwn(images, service) ? images[service].digest : undefined;
  return [...new Set([...Object.keys(ofA), ...Object.keys(ofB)])].sort().flatMap((service) => {
    const [a, b] = [digest(ofA, service), digest(ofB, service)];
    if (a === b) return [];
    return [{ service, ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) }];
  });
}

async function commitsBetween(
  a: string,
  b: string,
  git: DiffOptions["git"],
): Promise<Commits | undefined> {
  const of = async (from: string, to: string) => {
    const range = `${from}..${to}`;
    const count = await git(["rev-list", "--count", range, "--"]);
    const newest = ["-n", String(mostSubjects), "--abbrev=8", "--format=%h %s"];
    const subjects = count && (await git(["log", ...newest, range, "--"]));
    if (count === undefined || subjects === undefined) return undefined;
    return { count: Number(count), subjects: subjects.split("\n").filter((line) => line !== "") };
  };
  const [onlyInA, onlyInB] = await Promise.all([of(b, a), of(a, b)]);
  return (
    onlyInA &&
    onlyInB && {
      ...{ onlyInA: onlyInA.count, onlyInB: onlyInB.count },
      ...{ subjectsOfA: onlyInA.subjects, subjectsOfB: onlyInB.subjects },
    }
  );
}
