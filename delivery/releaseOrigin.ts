import { readFile } from "node:fs/promises";
import type { ReleaseOrigin } from "./ledger";
import { evidenceSchema } from "./plan/bundle";

/**
 * Where a release comes from, as its evidence says.
 * @param path of `evidence.json`.
 * @returns undefined where there is none, or it is of another release: a deployment does not fail for what is only counted.
 */
export async function readOrigin(
  path: string,
  release: string,
): Promise<ReleaseOrigin | undefined> {
  let given: unknown;
  try {
    given = JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
  const { success, data } = evidenceSchema.safeParse(given);
  if (!success || data.release !== release) return undefined;
  const committedAt = asTime(data.committedAt);
  const verifiedAt = data.verification?.passed ? asTime(data.verification.at) : undefined;
  return { ...(committedAt ? { committedAt } : {}), ...(verifiedAt ? { verifiedAt } : {}) };
}

/** ISO 8601, UTC; undefined where it is no time. */
function asTime(text: string | undefined): string | undefined {
  const ms = Date.parse(text ?? "");
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/**
 * The time of a commit as a pipeline's source tells it (`AuthorDate`): connections in ISO 8601, and CodeCommit as git keeps it,
 * seconds and a zone (`1484167798 -0800`).
 * @returns ISO 8601, UTC; undefined where it is neither.
 */
export function commitTime(text: string | undefined): string | undefined {
  const [, seconds] = /^(\d{9,11}) [+-]\d{4}$/.exec(text ?? "") ?? [];
  if (seconds !== undefined) return new Date(Number(seconds) * 1000).toISOString();
  return /^\d{4}-\d{2}-\d{2}T/.test(text ?? "") ? asTime(text) : undefined;
}
