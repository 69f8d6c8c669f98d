/** What is wrong with a schedule, and what to write. */
export interface ScheduleFault {
  readonly allowed: string;
  readonly fix: string;
}

const allowed =
  "cron(<minutes> <hours> <day of month> <month> <day of week> <year>) or rate(<number> <minutes, hours or days>)";

interface Field {
  readonly name: string;
  readonly pattern: RegExp;
}

/** A list of values, ranges and steps, such as `1-5,10` and `0/15`. */
function field(name: string, value: string, also: readonly string[] = []): Field {
  const part = `(?:\\*|${value}(?:-${value})?)(?:/\\d{1,3})?`;
  const one = [part, ...also].join("|");
  return { name, pattern: new RegExp(`^(?:${one})(?:,(?:${one}))*$`, "i") };
}

const month = "(?:0?[1-9]|1[0-2]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)";
const weekday = "(?:[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)";
const day = "(?:0?[1-9]|[12]\\d|3[01])";

/** In their order ("Schedule types in EventBridge Scheduler", EventBridge Scheduler user guide). */
const fields: readonly Field[] = [
  field("minutes", "[0-5]?\\d"),
  field("hours", "(?:[01]?\\d|2[0-3])"),
  field("day of month", day, ["\\?", "L", `${day}W`]),
  field("month", month),
  field("day of week", weekday, ["\\?", `${weekday}?L`, `${weekday}#[1-5]`]),
  field("year", "(?:19[789]\\d|20\\d\\d|21\\d\\d)"),
];

/** What EventBridge Scheduler would not take of a schedule of a job; undefined where it takes it. */
export function scheduleFault(given: string): ScheduleFault | undefined {
  const [, kind, content] = /^(cron|rate)\((.*)\)$/.exec(given) ?? [];
  if (kind === "rate") {
    if (/^[1-9]\d{0,4} (minutes?|hours?|days?)$/.test(content)) return undefined;
    return { allowed, fix: "write it as rate(15 minutes), rate(1 hour) or rate(7 days)" };
  }
  if (kind === "cron") {
    const fix = cronFault(content);
    return fix === undefined ? undefined : { allowed, fix };
  }
  const meant = fromUnixCron(given);
  return {
    allowed,
    fix: meant === undefined ? "write it as cron(0 3 * * ? *)" : `write it as ${meant}`,
  };
}

function cronFault(content: string): string | undefined {
  const parts = content.split(" ");
  if (parts.length !== fields.length) {
    const meant = fromUnixCron(content);
    return meant === undefined
      ? `it has ${parts.length} of 6 fields: write it as cron(0 3 * * ? *)`
      : `it has ${parts.length} of 6 fields: write it as ${meant}`;
  }
  const wrong = fields.find(({ pattern }, index) => !pattern.test(parts[index]));
  if (wrong) return `correct its ${wrong.name}: ${parts[fields.indexOf(wrong)]}`;
  const [, , dayOfMonth, , dayOfWeek] = parts;
  return (dayOfMonth === "?") === (dayOfWeek === "?")
    ? "one of day of month and day of week must be ?, and the other not"
    : undefined;
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
  return cronFault(made.slice("cron(".length, -1)) === undefined ? made : undefined;
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
