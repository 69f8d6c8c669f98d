/** Days of the week as people write them, in the order of the calendar. */
export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

export type Weekday = (typeof weekdays)[number];

/** What clocks and calendars on the wall show. */
export interface WallTime {
  /** `2026-12-18` */
  readonly day: string;
  readonly weekday: Weekday;
  /** Of the day as clocks show it, 0 to 1439. */
  readonly minute: number;
}

/** Whether it is a name of the IANA time zone database that this machine knows. Offsets are none: they know no summer time. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * What the wall shows in a time zone.
 * @throws RangeError where it is none.
 */
export function wallTime(at: Date, timezone: string): WallTime {
  const parts = new Map(
    formatOf(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  return {
    day: `${part("year")}-${part("month")}-${part("day")}`,
    weekday: part("weekday").toLowerCase() as Weekday,
    minute: Number(part("hour")) * 60 + Number(part("minute")),
  };
}

/** For people who know the time zone: `2026-12-18 09:00`. */
export function wallClock(at: Date, timezone: string): string {
  const { day, minute } = wallTime(at, timezone);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${day} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** For people: `2026-12-18 09:00 Europe/Berlin`. */
export function wallText(at: Date, timezone: string): string {
  return `${wallClock(at, timezone)} ${timezone}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Made once a zone: that takes longer than using it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, calendar: "gregory", numberingSystem: "latn", hourCycle: "h23" },
    ...{ weekday: "short", year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit" },
  });
  formats.set(timeZone, made);
  return made;
}
