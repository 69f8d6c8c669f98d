import { wallText } from "../../contract/zonedTime";
import type { Override } from "../ledger";

/** What may keep a release from being deployed, though nothing is wrong with it. */
export const gateNames = ["windows", "alarms", "soak"] as const;

export type GateName = (typeof gateNames)[number];

/** A gate that lets nothing through at the moment. */
export interface ClosedGate {
  /** `sleep` is none that lets anybody past: nothing runs that could show what a release does. */
  readonly gate: GateName | "sleep";
  /** Why, for people: `it is outside of the deployment windows`. */
  readonly why: string;
  /** When it opens by itself: ISO 8601, UTC. Absent where nobody knows. */
  readonly opensAt?: string;
  /** The same, for people: `2026-12-01 09:00 Europe/Berlin`. */
  readonly opensAtText?: string;
  /** Whether a release that Deploy has refused is tried again then by itself. */
  readonly isAwaited?: boolean;
  /** What lets the release past nevertheless. */
  readonly override?: Override;
}

/** How far away a gate may open that is waited for: artifacts are kept for 30 days, and an approval may have taken 7 of them. */
const mostWaitMs = 21 * 24 * 60 * 60_000;

/** When a gate opens, by the clocks on the wall in a time zone. */
export function opening(at: Date, now: Date, timezone: string) {
  return {
    opensAt: at.toISOString(),
    opensAtText: wallText(at, timezone),
    isAwaited: at.getTime() - now.getTime() <= mostWaitMs,
  };
}
