import assert from "node:assert/strict";
import * as fc from "fast-check";
import { closedWindow, type DeploymentWindows } from "../../contract/deploymentWindows";
import { wallTime, weekdays, type Weekday } from "../../contract/zonedTime";

const minuteMs = 60_000;
const workdays: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri"];
const christmas = { from: "2026-12-18", to: "2027-01-04", reason: "Christmas" };

const windows = (more: Partial<DeploymentWindows> = {}): DeploymentWindows => ({
  timezone: "Europe/Berlin",
  open: [{ days: workdays, from: "09:00", to: "16:00" }],
  freezes: [],
  ...more,
});
const daily = (from: string, to: string, timezone: string) =>
  windows({ timezone, open: [{ days: weekdays, from, to }] });

describe("deployment windows", () => {
  const rows: readonly (readonly [string, DeploymentWindows, string, string | undefined])[] = [
    ["the first minute is open", windows(), "2026-11-30T08:00:00Z", undefined],
    ["the minute before is not", windows(), "2026-11-30T07:59:59Z", "2026-11-30T08:00:00Z"],
    ["nor is the last one", windows(), "2026-11-30T15:00:00Z", "2026-12-01T08:00:00Z"],
    ["a weekend is skipped", windows(), "2026-12-04T16:00:00Z", "2026-12-07T08:00:00Z"],
    [
      "midnight ends the day",
      daily("22:00", "24:00", "UTC"),
      "2026-12-01T00:00:00Z",
      "2026-12-01T22:00:00Z",
    ],
    [
      "a freeze opens with the first window after its last day",
      windows({ freezes: [christmas] }),
      "2026-12-18T09:00:00Z",
      "2027-01-05T08:00:00Z",
    ],
    [
      "a freeze alone ends at midnight there",
      windows({ open: undefined, freezes: [christmas] }),
      "2026-12-17T23:00:00Z",
      "2027-01-04T23:00:00Z",
    ],
    [
      "before a freeze alone it is open",
      windows({ open: undefined, freezes: [christmas] }),
      "2026-12-17T22:59:00Z",
      undefined,
    ],
    [
      "an hour that clocks skip in spring opens nothing, Berlin",
      daily("02:00", "03:00", "Europe/Berlin"),
      "2026-03-29T00:59:00Z",
      "2026-03-30T00:00:00Z",
    ],
    [
      "a window that begins in it opens with the hour after, Berlin",
      daily("02:30", "04:00", "Europe/Berlin"),
      "2026-03-29T00:59:00Z",
      "2026-03-29T01:00:00Z",
    ],
    [
      "an hour that clocks repeat in autumn counts twice, Berlin",
      daily("02:00", "02:30", "Europe/Berlin"),
      "2026-10-25T00:30:00Z",
      "2026-10-25T01:00:00Z",
    ],
    [
      "after summer time it opens an hour later in UTC, Berlin",
      windows(),
      "2026-10-23T16:00:00Z",
      "2026-10-26T08:00:00Z",
    ],
    [
      "the southern spring begins in October, Sydney",
      daily("09:00", "10:00", "Australia/Sydney"),
      "2026-10-03T12:00:00Z",
      "2026-10-03T22:00:00Z",
    ],
    [
      "and ends in April, Sydney",
      daily("09:00", "10:00", "Australia/Sydney"),
      "2026-04-04T12:00:00Z",
      "2026-04-04T23:00:00Z",
    ],
    [
      "half an hour of summer time, Lord Howe",
      daily("02:00", "02:30", "Australia/Lord_Howe"),
      "2026-10-03T15:29:00Z",
      "2026-10-04T15:00:00Z",
    ],
    [
      "a zone of three quarters of an hour, Kathmandu",
      daily("09:00", "10:00", "Asia/Kathmandu"),
      "2026-11-30T00:00:00Z",
      "2026-11-30T03:15:00Z",
    ],
  ];
  for (const [title, given, at, opensAt] of rows) {
    it(title, () => {
      const closed = closedWindow(given, new Date(at));
      assert.equal(closed?.opensAt?.toISOString(), opensAt && new Date(opensAt).toISOString());
      assert.equal(closed === undefined, opensAt === undefined);
    });
  }

  it("say which freeze it is", () => {
    const given = windows({ freezes: [christmas] });
    assert.equal(closedWindow(given, new Date("2026-12-24T10:00:00Z"))?.freeze, christmas);
    assert.equal(closedWindow(given, new Date("2027-01-05T06:00:00Z"))?.freeze, undefined);
  });

  it("pass over a freeze of years at once", () => {
    const freezes = [{ from: "2026-01-01", to: "2035-12-31" }];
    const began = Date.now();
    const closed = closedWindow(windows({ freezes }), new Date("2026-01-01T10:01:00Z"));
    assert.equal(closed?.opensAt?.toISOString(), "2036-01-01T08:00:00.000Z");
    assert.ok(Date.now() - began < 2_000);
  });

  it("never open where no day has one", () => {
    const never = windows({ open: [{ days: [], from: "09:00", to: "16:00" }] });
    assert.deepEqual(closedWindow(never, new Date("2026-11-30T10:00:00Z")), {
      ...{ freeze: undefined, opensAt: undefined },
    });
  });

  const zones = [
    ...["Europe/Berlin", "America/New_York", "Australia/Sydney", "America/Santiago", "UTC"],
    ...["Australia/Lord_Howe", "Pacific/Chatham", "Asia/Kathmandu", "Pacific/Apia"],
  ];
  const time = fc
    .integer({ min: 0, max: 1440 })
    .map((minute) =>
      [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":"),
    );
  const open = fc
    .record({
      days: fc.subarray([...weekdays], { minLength: 1 }),
      times: fc.uniqueArray(time, { minLength: 2, maxLength: 2 }),
    })
    .map(({ days, times }) => {
      const [from, to] = [...times].sort();
      return { days, from, to };
    });
  const at = fc
    .date({ min: new Date("2026-01-01T00:00:00Z"), max: new Date("2027-12-31T00:00:00Z") })
    .filter((date) => !Number.isNaN(date.getTime()));

  it("open at the first minute that clocks show within one, found by looking at each", () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), open, at, (timezone, window, moment) => {
        const given = windows({ timezone, open: [window] });
        const closed = closedWindow(given, moment);
        const shows = (time: number) => {
          const { weekday, minute } = wallTime(new Date(time), timezone);
          const text = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
          return window.days.includes(weekday) && window.from <= text && text < window.to;
        };
        let first = moment.getTime();
        if (!shows(first)) first = Math.floor(first / minuteMs) * minuteMs + minuteMs;
        while (!shows(first)) first += minuteMs;
        const found = closed ? closed.opensAt?.getTime() : moment.getTime();
        assert.equal(found, first);
      }),
      { numRuns: 60 },
    );
  });
});
