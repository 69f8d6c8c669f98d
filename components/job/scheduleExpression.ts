import { cronFault } from "../shared/cron";

/** What is wrong with a schedule, and what to write. */
export interface ScheduleFault {
  readonly allowed: string;
  readonly fix: string;
}

const allowed =
  "cron(<minutes> <hours> <day of month> <month> <day of week> <year>) or rate(<number> <minutes, hours or days>)";

/** What EventBridge Scheduler would not take of a schedule of a job; undefined where it takes it. */
export function scheduleFault(given: string): ScheduleFault | undefined {
  const [, kind, content] = /^(cron|rate)\((.*)\)$/.exec(given) ?? [];
  if (kind === "rate") {
    if (/^[1-9]\d{0,4} (minutes?|hours?|days?)$/.test(content)) return undefined;
    return { allowed, fix: "write it as rate(15 minutes), rate(1 hour) or rate(7 days)" };
  }
  if (kind === "cron") {
    const fix = fixOfCron(given, content);
    return fix === undefined ? undefined : { allowed, fix };
  }
  const meant = fromUnixCron(given);
  return {
    allowed,
    fix: meant === undefined ? "write it as cron(0 3 * * ? *)" : `write it as ${meant}`,
  };
}

/** Five fields are what cron itself has. */
function fixOfCron(given: string, content: string): string | undefined {
  const meant = fromUnixCron(content);
  return meant === undefined ? cronFault(given) : `it has 5 of 6 fields: write it as ${meant}`;
}

const macros: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/**
 * A schedule of Unix's cron, five fields or a word such as `@daily`, in AWS's words; `@every 1h30m` as a rate.
 * @returns undefined where it is none, and where AWS cannot say it: a day of the month and one of the week.
 */
export function fromUnixCron(given: string): string | undefined {
  const rate = fromEvery(given);
  if (rate !== undefined) return rate;
  const parts = (macros[given] ?? given).trim().split(/\s+/);
  if (parts.length !== 5) return undefined;
  const [minutes, hours, dayOfMonth, monthOfYear, dayOfWeek] = parts.map((part) =>
    part.replace(/\*\/(\d+)/g, "0/$1"),
  );
  const ofMonth = dayOfMonth.replace(/\b0\//g, "1/");
  const ofYear = monthOfYear.replace(/\b0\//g, "1/");
  const everyDay = (text: string) => text === "*" || text === "?";
  const days =
    everyDay(dayOfWeek) || dayOfWeek === "0/1"
      ? [everyDay(ofMonth) ? "*" : ofMonth, "?"]
      : everyDay(ofMonth)
        ? ["?", ofWeek(dayOfWeek)]
        : undefined;
  if (!days) return undefined;
  const made = `cron(${minutes} ${hours} ${days[0]} ${ofYear} ${days[1]} *)`;
  return cronFault(made) === undefined ? made : undefined;
}

/** Unix counts the days of the week from 0 or 7 for Sunday, AWS from 1: there a range until Sunday is two. */
function ofWeek(text: string): string {
  return text
    .replace(/\b([1-6])-7\b/g, "$1-6,7")
    .split(",")
    .map((part) => {
      const [days, step] = part.split("/");
      const counted = days.replace(/\d/g, (digit) => String((Number(digit) % 7) + 1));
      return step === undefined ? counted : `${counted}/${step}`;
    })
    .join(",");
}

const minutesIn: Readonly<Record<string, number>> = { h: 60, m: 1 };

function fromEvery(given: string): string | undefined {
  const [, text] = /^@every ((?:\d+[hms])+)$/.exec(given) ?? [];
  if (text === undefined) return undefined;
  let minutes = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([hms])/g)) {
    minutes += unit === "s" ? Number(count) / 60 : Number(count) * minutesIn[unit];
  }
  if (!Number.isInteger(minutes) || minutes < 1) return undefined;
  const [value, unit] = minutes % 60 === 0 ? [minutes / 60, "hour"] : [minutes, "minute"];
  return `rate(${value} ${unit}${value === 1 ? "" : "s"})`;
}
