const dayMs = 86_400_000;

/** A calendar week of ISO 8601, from Monday 00:00 UTC. */
export interface Week {
  /** `2026-W49` */
  readonly name: string;
  /** Its Monday, `2026-11-30`. */
  readonly from: string;
}

/** The week that a moment lies in. */
export function weekOf(at: Date): Week {
  const monday = mondayOf(at);
  // The week has the year of its Thursday, and 4 January is always in the first one.
  const year = new Date(monday + 3 * dayMs).getUTCFullYear();
  const first = mondayOf(new Date(Date.UTC(year, 0, 4)));
  const number = Math.round((monday - first) / (7 * dayMs)) + 1;
  return {
    name: `${year}-W${String(number).padStart(2, "0")}`,
    from: new Date(monday).toISOString().slice(0, 10),
  };
}

/** Every week that has a part of a time, oldest first. */
export function weeksBetween(from: Date, to: Date): Week[] {
  const weeks: Week[] = [];
  for (let monday = mondayOf(from); monday <= to.getTime(); monday += 7 * dayMs) {
    weeks.push(weekOf(new Date(monday)));
  }
  return weeks;
}

function mondayOf(at: Date): number {
  const day = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  return day - ((at.getUTCDay() + 6) % 7) * dayMs;
}
