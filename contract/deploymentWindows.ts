import { wallTime, type Weekday } from "./zonedTime";

/** When releases may be deployed, by the clocks on the wall of a time zone. */
export interface DeploymentWindows {
  /** A name of the IANA time zone database, such as `Europe/Berlin`. */
  readonly timezone: string;
  /** Without it, at any time. */
  readonly open?: readonly OpenWindow[];
  /** Days on which nothing is deployed, whatever `open` says. */
  readonly freezes: readonly Freeze[];
}

export interface OpenWindow {
  readonly days: readonly Weekday[];
  /** `09:00`, the first minute. */
  readonly from: string;
  /** `16:00`, the first minute after it; up to `24:00`. */
  readonly to: string;
}

export interface Freeze {
  /** The first day, `2026-12-18`. */
  readonly from: string;
  /** The last day. */
  readonly to: string;
  /** Why, for people. */
  readonly reason?: string;
}

/** Why nothing may be deployed, and until when. */
export interface ClosedWindow {
  /** The freeze that it is in. Absent outside of one. */
  readonly freeze?: Freeze;
  /** Absent where it never opens. */
  readonly opensAt?: Date;
}

/** Zones are away from UTC by multiples of so many minutes, and change that at such multiples. */
const zoneMinutes = 15;

const dayMs = 24 * 60 * 60_000;

/** Minutes of the day that a time such as `09:30` is. */
export function minuteOf(time: string): number {
  const [hours, minutes] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

/** @returns undefined where releases may be deployed at that moment. */
export function closedWindow(windows: DeploymentWindows, at: Date): ClosedWindow | undefined {
  if (isOpen(windows, at)) return undefined;
  const { day } = wallTime(at, windows.timezone);
  return { freeze: freezeOn(windows, day), opensAt: nextOpening(windows, at) };
}

/** By what clocks show: an hour that they skip in spring opens nothing, and one that they repeat in autumn counts twice. */
function isOpen(windows: DeploymentWindows, at: Date): boolean {
  const { day, weekday, minute } = wallTime(at, windows.timezone);
  if (freezeOn(windows, day)) return false;
  return (
    windows.open?.some(
      ({ days, from, to }) =>
        days.includes(weekday) && minuteOf(from) <= minute && minute < minuteOf(to),
    ) ?? true
  );
}

function freezeOn({ freezes }: DeploymentWindows, day: string): Freeze | undefined {
  return freezes.find(({ from, to }) => from <= day && day <= to);
}

/** The first moment after a closed one that is open. Windows come back each week, so one that none of eight days has never opens. */
function nextOpening(windows: DeploymentWindows, closed: Date): Date | undefined {
  const { timezone, open = [], freezes } = windows;
  const minutes = open.flatMap(({ from, to }) => [minuteOf(from), minuteOf(to)]);
  const step = minutes.reduce(commonDivisor, zoneMinutes) * 60_000;
  const lastDay = Math.max(closed.getTime(), ...freezes.map(({ to }) => Date.parse(to)));
  let moment = (Math.floor(closed.getTime() / step) + 1) * step;
  while (moment <= lastDay + 9 * dayMs) {
    const at = new Date(moment);
    if (isOpen(windows, at)) return at;
    const { day } = wallTime(at, timezone);
    const { to = day } = freezeOn(windows, day) ?? {};
    // Most of a freeze at once; days are 23 to 25 hours long.
    const skipped = Math.max(0, Math.floor((Date.parse(to) - Date.parse(day)) / dayMs) - 1);
    moment += skipped > 0 ? skipped * dayMs : step;
  }
  return undefined;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
