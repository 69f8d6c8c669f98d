import { wallClock } from "../../contract/zonedTime";
import { ageOf } from "../ledger/refusals";

/** When a person looks, and by which clocks. */
export interface Reader {
  readonly now: Date;
  /** IANA name of the time zone. */
  readonly timezone: string;
}

/** Whoever reads what this machine prints. `TZ` names another zone. */
export function readerHere(now = new Date()): Reader {
  return { now, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}

/** By the reader's clocks, to the minute: `2026-11-30 12:44`. @param at ISO 8601. */
export function clockText(at: string, { timezone }: Reader): string {
  return wallClock(new Date(at), timezone);
}

/** The same, to the millisecond: `2026-11-30 12:44:03.120`. Zones differ by whole minutes. */
export function exactText(at: string, reader: Reader): string {
  return `${clockText(at, reader)}:${new Date(at).toISOString().slice(17, 23)}`;
}

/** The same, to the minute, with how long that is ago: `2026-11-30 12:44 (3 min ago)`. */
export function sinceText(at: string, reader: Reader): string {
  return `${clockText(at, reader)} (${ageOf(at, reader.now)})`;
}

const instants = /\b\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z/g;

/** A text that was made for whoever reads it, with each moment of UTC in it by the reader's clocks. No lines of logs, and no commands. */
export function clocksIn(text: string, reader: Reader): string {
  return text.replace(instants, (at) => clockText(at, reader));
}

/** What stands below such texts. */
export function zoneLine({ timezone }: Reader): string {
  return `Times are of ${timezone}.`;
}
