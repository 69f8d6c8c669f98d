import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { releaseFiles, releaseFolder } from "../../contract/artifacts";
import { parseRelease, type Release } from "../../contract/manifest";
import { DeliveryError, messageOf } from "../errors";
import { describeIssues, asJson } from "../issues";
import { verificationSchema, type ReleaseEvidence } from "../releaseEvidence";

/** `evidence.json`, as far as whoever receives it reads it. */
export const evidenceSchema = z.looseObject({
  release: z.string(),
  commit: z.string().optional(),
  subject: z.string().optional(),
  author: z.string().optional(),
  committedAt: z.string().optional(),
  repository: z.string().optional(),
  compareBase: z.string().optional(),
  tests: z.record(z.string(), z.string()).default({}),
  scans: z.record(z.string(), z.record(z.string(), z.number())).default({}),
  verification: verificationSchema.optional(),
  history: z
    .array(
      z.object({
        release: z.string(),
        commit: z.string(),
        at: z.string(),
        outcome: z.string().optional(),
      }),
    )
    .default([]),
});

/** A release and what is known of it, as they were promoted together. */
export interface PromotedBundle {
  readonly release: Release;
  readonly evidence: ReleaseEvidence;
}

/**
 * Reads `.release` in the folder of a bundle.
 * @throws ReleaseError where the manifest is malformed; DeliveryError where the folder is no bundle, or its evidence is
 *   malformed or of another release.
 */
export async function readBundle(folder: string): Promise<PromotedBundle> {
  const file = (name: string) => join(folder, releaseFolder, name);
  const release = parseRelease(await read(file(releaseFiles.release)), file(releaseFiles.release));
  const origin = file(releaseFiles.evidence);
  const parsed = evidenceSchema.safeParse(asJson(await read(origin)));
  if (!parsed.success) {
    throw new DeliveryError(
      `${origin} is malformed. Nothing was changed. Promote the release again.`,
      describeIssues(parsed.error),
    );
  }
  const { data } = parsed;
  if (data.release !== release.id) {
    throw new DeliveryError(
      `${origin} is of release ${data.release}, and the bundle of ${release.id}. Nothing was changed. ` +
        "Promote the release again.",
    );
  }
  return { release, evidence: { ...data, commit: data.commit ?? release.commit } };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const reason = messageOf(error);
    throw new DeliveryError(
      `this folder is not the bundle of a release: ${reason}. Plan what gantry promote has put into the release bucket.`,
    );
  }
}
