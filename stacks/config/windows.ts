import { z } from "zod";
import { minuteOf } from "../../contract/deploymentWindows";
import { isTimeZone, weekdays, type Weekday } from "../../contract/zonedTime";
import { filledList, list, listOrOne, section, text } from "./fields";
import { nearest } from "./nearest";
import { writtenDay } from "./writtenDay";

/** When releases may be deployed. */
export function windowsSchema() {
  return section({
    /** Whose clocks count. */
    timezone: text("a name of the IANA time zone database such as Europe/Berlin", zoneFault),
    /** Every week. Default: at any time but in a freeze. */
    open: filledList(openSchema(), "{ days, from, to }").optional(),
    /** Days on which nothing is deployed. Default: none. */
    freezes: list(freezeSchema(), "{ from, to, reason }").default([]),
  }).refine(({ open, freezes }) => open !== undefined || freezes.length > 0, {
    message: "open, freezes or both",
    params: {
      fix: 'add open: [{ days: mon-fri, from: "09:00", to: "16:00" }], or remove windows',
    },
    // Where a key is misspelt, it is most likely one of the two.
    when: ({ issues }) => issues.length === 0,
  });
}

function zoneFault(given: string): string | undefined {
  if (isTimeZone(given)) return undefined;
  const zones = Intl.supportedValuesOf("timeZone");
  const place = `/${given.trim().replace(/ /g, "_").toLowerCase()}`;
  const meant = zones.find((zone) => zone.toLowerCase().endsWith(place)) ?? nearest(given, zones);
  return meant === undefined
    ? "write its name, such as Europe/Berlin or UTC: an offset knows no summer time"
    : `did you mean ${meant}?`;
}

const fromTime = /^([01]\d|2[0-3]):[0-5]\d$/;
const toTime = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

function openSchema() {
  return section({
    days: daysSchema(),
    /** The first minute. */
    from: text("a time from 00:00 to 23:59", fromTime, 'write it as "09:00"'),
    /** The first minute after it. */
    to: text("a time from 00:01 to 24:00", toTime, 'write it as "16:00"'),
  }).superRefine(({ from, to }, context) => {
    const areTimes = fromTime.test(from) && toTime.test(to);
    if (!areTimes || minuteOf(from) < minuteOf(to)) return;
    const fix =
      minuteOf(to) === 0
        ? 'set to: "24:00"'
        : `write two windows where it goes over midnight: ${from} to 24:00, and 00:00 to ${to} on the days after`;
    context.addIssue({
      ...{ code: "custom", path: ["to"], message: `a time after ${from}, up to 24:00` },
      params: { fix },
    });
  });
}

const allowedDay = `${weekdays.join(", ")}, or a span such as mon-fri`;

/** A day, a span of days, or a list of both: the days that are meant, in the order of the week. */
function daysSchema() {
  const day = text(allowedDay, (given) =>
    daysOf(given).length > 0 ? undefined : fixOfDays(given),
  );
  return listOrOne(day, "days such as mon-fri").transform((given): Weekday[] => {
    const meant = new Set(given.flatMap(daysOf));
    return weekdays.filter((each) => meant.has(each));
  });
}

/** The days that are probably meant by `Monday`, `Mon - Fri` and `mon,tue`. */
function fixOfDays(given: string): string {
  const names = weekdays.join("|");
  const short = given
    .toLowerCase()
    .replace(new RegExp(`\\b(${names})[a-z]*`, "g"), "$1")
    .replace(/\s*[-\u2013]\s*/g, "-");
  const parts = short.trim().split(/\s*,\s*|\s+/);
  if (parts.some((part) => daysOf(part).length === 0)) return `write ${allowedDay}`;
  return parts.length > 1 ? `write [${parts.join(", ")}]` : `write ${parts[0]}`;
}

/** Of `fri-mon` the four; none where it is no day. */
function daysOf(given: string): Weekday[] {
  const [first, last = first, ...more] = given
    .split("-")
    .map((day) => weekdays.indexOf(day as Weekday));
  if (first < 0 || last < 0 || more.length > 0) return [];
  const count = ((last - first + weekdays.length) % weekdays.length) + 1;
  return Array.from({ length: count }, (_, index) => weekdays[(first + index) % weekdays.length]);
}

function freezeSchema() {
  return section({
    /** The first day. */
    from: daySchema(),
    /** The last day. */
    to: daySchema(),
    /** Why, for whoever waits. Default: nothing is said. */
    reason: text("why nothing is deployed then", /\S/, "say why, or remove reason").optional(),
  }).superRefine(({ from, to }, context) => {
    if (from <= to || dayFault(from) !== undefined || dayFault(to) !== undefined) return;
    context.addIssue({
      ...{
        code: "custom",
        path: ["to"],
        message: `${from} or a later day: the last one of the freeze`,
      },
      params: { fix: `exchange them: from: ${to}, to: ${from}` },
    });
  });
}

/** A day, also one that was written without quotes. */
export function daySchema() {
  return z.preprocess(
    (given) => (typeof given === "string" ? (writtenDay(given) ?? given) : given),
    text("a day such as 2026-12-31", dayFault),
  );
}

function dayFault(given: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(given)) return "write it as 2026-12-31";
  const time = Date.parse(given);
  if (Number.isNaN(time)) return "name a day that there is, year first, then month and day";
  const day = new Date(time).toISOString().slice(0, 10);
  return day === given ? undefined : "name a day that the month has";
}
