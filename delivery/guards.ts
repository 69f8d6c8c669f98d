import { HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";
import type { Release } from "../contract/manifest";
import { releaseKey } from "../contract/names";
import { DeliveryError, isNamed } from "./errors";
import { describeIssues, asJson } from "./issues";
import type { Target } from "./target";

/** A release as the release bucket's newest bundle names it. */
export interface Promoted {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** When its bundle arrived: ISO 8601, UTC. Absent where S3 does not say. */
  readonly promotedAt?: string;
}

const basisSchema = z.strictObject({
  /** Id of the release that the plan was made for. */
  release: z.string(),
  /** Id of the release that ran then; null before the first. */
  running: z.string().nullable(),
  /** The newest deployment then, 0 before the first. */
  deployment: z.number().int().nonnegative(),
  /** Pulumi's state then. */
  stateVersion: z.string(),
});

/** What a plan was made on: it holds as long as none of this has changed. */
export type PlanBasis = Readonly<z.infer<typeof basisSchema>>;

/**
 * Reads `basis.json`.
 * @throws DeliveryError where it is none.
 */
export function parseBasis(text: string, origin: string): PlanBasis {
  const parsed = basisSchema.safeParse(asJson(text));
  if (!parsed.success) {
    throw new DeliveryError(
      `${origin} is malformed; nothing was changed. ${planAgain()}`,
      describeIssues(parsed.error),
    );
  }
  return parsed.data;
}

function planAgain(release = "<release>"): string {
  return `Plan again: have the pipeline begin anew (gantry deploy ${release}), and approve the plan that it makes.`;
}

/**
 * Refuses a release that a newer one has overtaken.
 * @param running what the pointer says.
 * @param newest the newest that was promoted into the environment. Undefined where it gets none so.
 * @throws DeliveryError naming the newer one.
 */
export function refuseSuperseded(
  stack: string,
  candidate: Pick<Release, "id" | "createdAt">,
  running: Pick<Release, "id" | "createdAt"> | undefined,
  newest?: Promoted,
): void {
  if (running && isNewer(running, candidate)) {
    throw new DeliveryError(
      `release ${candidate.id} of ${candidate.createdAt} is superseded: ${stack} runs ${running.id} of ` +
        `${running.createdAt}, which is newer. Nothing was changed. To go back on purpose: ` +
        `gantry rollback --stack ${stack} --to ${candidate.id}`,
      [],
      { kind: "superseded" },
    );
  }
  if (newest && newest.id !== candidate.id && isNewer(newest, candidate)) {
    throw new DeliveryError(
      `release ${candidate.id} of ${candidate.createdAt} is superseded: ${newest.id} of ${newest.createdAt} has been ` +
        `promoted to ${stack} since. Nothing was changed. Approve that one instead; it is in the pipeline already, or comes into ` +
        `it again by gantry deploy --stack ${stack} ${newest.id}`,
      [],
      { kind: "superseded" },
    );
  }
}

/** Refuses two releases of one id: one of the manifests was tampered with, or a build number was used twice. */
export function refuseImpostor(candidate: Release, running: Release | undefined): void {
  if (running?.id === candidate.id && !haveSameImages(candidate, running)) {
    throw new DeliveryError(
      `release ${candidate.id} has other images than the release of that id which runs. Nothing was changed. ` +
        "Build the commit again: it gets a new build number.",
    );
  }
}

/**
 * Refuses a plan whose ground has moved since it was made and approved.
 * @throws DeliveryError saying what has changed.
 */
export function refuseStalePlan(basis: PlanBasis, now: PlanBasis): void {
  if (basis.release !== now.release) {
    throw new DeliveryError(
      `the plan is for release ${basis.release}, and not for ${now.release}. Nothing was changed. ${planAgain(now.release)}`,
    );
  }
  const changes: string[] = [];
  if (basis.running !== now.running) {
    changes.push(`${basis.running ?? "no release"} ran then, ${now.running ?? "none"} does now`);
  }
  if (basis.deployment !== now.deployment) {
    changes.push(
      `the newest deployment was ${basis.deployment} then, and is ${now.deployment} now`,
    );
  }
  if (changes.length === 0 && basis.stateVersion !== now.stateVersion) {
    changes.push("somebody has run pulumi up or refresh in the meantime");
  }
  if (changes.length > 0) {
    throw new DeliveryError(
      `the plan of release ${basis.release} is stale. Nothing was changed. ${planAgain(basis.release)}`,
      changes,
    );
  }
}

/** Whether two releases run the same, service by service. */
export function haveSameImages(a: Release, b: Release): boolean {
  const services = Object.keys(a.images);
  return (
    services.length === Object.keys(b.images).length &&
    services.every(
      (service) =>
        Object.hasOwn(b.images, service) && a.images[service].digest === b.images[service].digest,
    )
  );
}

/**
 * The release in the release bucket's newest bundle: `promote` writes its id and time beside it.
 * @param accountId where the bucket is.
 * @returns undefined where nothing has been promoted yet.
 */
export async function newestPromoted(
  s3: Pick<S3Client, "send">,
  { names, region }: Pick<Target, "names" | "region">,
  accountId: string,
): Promise<Promoted | undefined> {
  const bucket = names.releaseBucket(accountId, region);
  try {
    const { Metadata: metadata = {}, LastModified: arrived } = await s3.send(
      new HeadObjectCommand({ Bucket: bucket, Key: releaseKey }),
    );
    const { release: id, "created-at": createdAt } = metadata;
    if (!id || !createdAt) {
      throw new DeliveryError(
        `s3://${bucket}/${releaseKey} does not say which release it holds: it was not put there by gantry promote. ` +
          "Nothing was changed. Promote the release again.",
      );
    }
    return { id, createdAt, ...(arrived ? { promotedAt: arrived.toISOString() } : {}) };
  } catch (error) {
    if (isNamed(error, "NotFound")) {
      return undefined;
    }
    throw error;
  }
}

function isNewer(a: Promoted, b: Promoted): boolean {
  return Date.parse(a.createdAt) > Date.parse(b.createdAt);
}
