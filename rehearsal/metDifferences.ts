import { differences, type Difference } from "./differences";

/** What a rehearsal has met: the images that it replaced, and the names that it made. */
export interface Met {
  readonly baseImages: readonly string[];
  readonly presupposed: readonly string[];
  readonly databases: readonly string[];
  /** Stacks whose files are kept in a bucket. */
  readonly keptConfig: readonly string[];
}

/** A difference as a report has it: with what it was about this time. */
export type ReportedDifference = Difference & { readonly details: readonly string[] };

/** The differences of one rehearsal: those that depend on the product only where it gave them cause. */
export function metDifferences(met: Met): ReportedDifference[] {
  const details: Readonly<Record<string, readonly string[]>> = { ...met };
  return differences
    .map((difference) => ({ ...difference, details: details[difference.id] ?? [] }))
    .filter(({ id, details: found }) => !(id in details) || found.length > 0);
}
