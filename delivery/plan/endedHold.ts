import { succeeded } from "../deploy/history";
import type { Hold, LedgerView } from "../ledger";

/** A hold that somebody has ended. */
export interface EndedHold extends Hold {
  readonly endedBy: string;
  /** ISO 8601, UTC. */
  readonly endedAt: string;
  /** Why releases may come again. Absent where nobody said. */
  readonly endedFor?: string;
}

/**
 * The hold that was ended last, as long as no release was deployed since: whoever approves the first one after it should know.
 * @returns undefined where there is none.
 */
export function endedHold({ notes = [], records }: LedgerView): EndedHold | undefined {
  const end = notes.find((note) => note.note === "resumed");
  const hold = notes.find((note) => note.note === "hold" && note.at === end?.since);
  if (end?.note !== "resumed" || hold?.note !== "hold") return undefined;
  const isOver = records.some(
    (record) => record.number > end.number && record.kind === "deploy" && succeeded(record),
  );
  if (isOver) return undefined;
  const { by, reason, at, release } = hold;
  return {
    ...{ by, reason, at, ...(release === undefined ? {} : { release }) },
    ...{ endedBy: end.by, endedAt: end.at },
    ...(end.reason === undefined ? {} : { endedFor: end.reason }),
  };
}

/**
 * For people: `ada went back from 3f9c2a1b-17 at ... (payments fail); grace let releases come again at ... (fixed)`.
 * @param cut what makes a reason short enough.
 */
export function endedHoldText(hold: EndedHold, cut: (reason: string) => string): string {
  const { by, release, at, reason, endedBy, endedAt, endedFor } = hold;
  const why = endedFor === undefined ? "" : ` (${cut(endedFor)})`;
  return (
    `${by} went back${release ? ` from ${release}` : ""} at ${at} (${cut(reason)}); ` +
    `${endedBy} let releases come again at ${endedAt}${why}`
  );
}
