interface CronField {
  readonly called: string;
  readonly low: number;
  readonly high: number;
  /** Words for its values, from the lowest on. */
  readonly words?: readonly string[];
  /** What an element may say besides values, ranges and steps. Where it has one, the field may be `?` as a whole. */
  readonly also?: RegExp;
}

const months = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const days = "SUN MON TUE WED THU FRI SAT".split(" ");

const fields: readonly CronField[] = [
  { called: "minutes", low: 0, high: 59 },
  { called: "hours", low: 0, high: 23 },
  {
    called: "day of the month",
    ...{ low: 1, high: 31, also: /^(L|LW|([1-9]|[12]\d|3[01])W)$/ },
  },
  { called: "month", low: 1, high: 12, words: months },
  {
    called: "day of the week",
    ...{ low: 1, high: 7, words: days, also: /^(L|([1-7]|[A-Z]{3})(L|#[1-5]))$/ },
  },
  { called: "year", low: 1970, high: 2199 },
];

/**
 * What is wrong with a cron expression as AWS has them, as a fix; undefined where nothing is.
 * Of `#`, `L` and `W` it knows how they are written, not whether such a day comes.
 */
export function cronFault(given: string): string | undefined {
  const parts = /^cron\((.*)\)$/.exec(given)?.[1].trim().split(/\s+/);
  if (parts === undefined) return "write it as cron(0 20 ? * MON-FRI *)";
  if (parts.length !== fields.length) {
    return `write six fields, minutes, hours, day of the month, month, day of the week and year, where it has ${parts.length}: cron(0 20 ? * MON-FRI *)`;
  }
  const index = fields.findIndex((field, at) => !isOfField(parts[at], field));
  if (index >= 0) {
    const { called, low, high, words } = fields[index];
    const named = words ? ` or ${words[0]} to ${words[words.length - 1]}` : "";
    return `${called}: write values from ${low} to ${high}${named} in place of ${parts[index]}`;
  }
  const [, , ofMonth, , ofWeek] = parts;
  return (ofMonth === "?") === (ofWeek === "?")
    ? "write ? for the day of the month or for the day of the week, and not for both"
    : undefined;
}

function isOfField(text: string, field: CronField): boolean {
  const { also } = field;
  if (also && text === "?") return true;
  return text.split(",").every((element) => also?.test(element) || isElement(element, field));
}

/** `*`, a value or a range, each with a step or without. */
function isElement(text: string, field: CronField): boolean {
  const [, range, step] = /^([^/]+)(?:\/(\d{1,4}))?$/.exec(text) ?? [];
  if (range === undefined || Number(step) === 0) return false;
  if (range === "*") return true;
  const values = range.split("-").map((word) => valueOf(word, field));
  return values.length <= 2 && values.every((value) => value >= field.low && value <= field.high);
}

function valueOf(word: string, { low, words = [] }: CronField): number {
  const index = words.indexOf(word.toUpperCase());
  if (index >= 0) return low + index;
  return /^\d{1,4}$/.test(word) ? Number(word) : NaN;
}

/** What is wrong with a time zone's name, as a fix; undefined where nothing is. */
export function timezoneFault(given: string): string | undefined {
  const example = "write a name of the IANA, such as Europe/Berlin or UTC";
  // Node takes offsets such as +01:00 as well, and AWS does not.
  if (!/^[A-Za-z]/.test(given)) return example;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: given }).resolvedOptions();
    const isSpelt = timeZone === given || timeZone.toLowerCase() !== given.toLowerCase();
    return isSpelt ? undefined : `write ${timeZone}`;
  } catch {
    return example;
  }
}
