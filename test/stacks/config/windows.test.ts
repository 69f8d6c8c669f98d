import assert from "node:assert/strict";
import { checkFaults, faultsOf, parse, parseYaml, section } from "./support";

const pipeline = (windows: unknown) =>
  parse({ services: { web: {} }, pipeline: { promoteFrom: { stack: "dev" }, windows } }).pipeline;
const berlin = { timezone: "Europe/Berlin" };
const office = { days: "mon-fri", from: "09:00", to: "16:00" };

describe("deployment windows in config", () => {
  it("are none by default", () => {
    assert.equal(pipeline(undefined)?.windows, undefined);
  });

  it("take days as one, a span, or a list of both", () => {
    const days = (given: unknown) =>
      pipeline({ ...berlin, open: [{ ...office, days: given }] })?.windows?.open?.[0].days;
    assert.deepEqual(days("tue"), ["tue"]);
    assert.deepEqual(days("mon-fri"), ["mon", "tue", "wed", "thu", "fri"]);
    assert.deepEqual(days("sat-mon"), ["mon", "sat", "sun"]);
    assert.deepEqual(days(["fri", "mon-tue", "mon"]), ["mon", "tue", "fri"]);
  });

  it("take the days of a freeze and times with quotes and without", () => {
    for (const quote of ["", '"']) {
      const quoted = (text: string) => `${quote}${text}${quote}`;
      const { windows } =
        parseYaml(
          "gantry:services: { web: {} }\n" +
            "gantry:pipeline: { promoteFrom: { stack: dev }, windows: { timezone: Europe/Berlin, " +
            `open: [{ days: mon, from: ${quoted("09:00")}, to: ${quoted("16:30")} }], ` +
            `freezes: [{ from: ${quoted("2026-12-18")}, to: ${quoted("2027-01-04")} }] } }`,
        ).pipeline ?? {};
      assert.deepEqual(windows?.freezes, [{ from: "2026-12-18", to: "2027-01-04" }]);
      assert.deepEqual(windows?.open, [{ days: ["mon"], from: "09:00", to: "16:30" }]);
    }
  });

  const asWindows = (windows: unknown) =>
    section("pipeline")({ promoteFrom: { stack: "dev" }, windows });
  checkFaults("gantry:pipeline.windows", asWindows, [
    [
      "the timezone is misspelt",
      { timezone: "Europe/Berlni", open: [office] },
      "timezone",
      "did you mean Europe/Berlin?",
    ],
    [
      "the timezone is an offset",
      { timezone: "+01:00", open: [office] },
      "timezone",
      "write its name, such as Europe/Berlin or UTC: an offset knows no summer time",
    ],
    [
      "nothing is said but a timezone",
      berlin,
      "",
      'add open: [{ days: mon-fri, from: "09:00", to: "16:00" }], or remove windows',
    ],
    ["it never opens", { ...berlin, open: [] }, "open", "name one, or remove the key"],
    [
      "a window has no days",
      { ...berlin, open: [{ ...office, days: [] }] },
      "open[0].days",
      "name one, or remove the key",
    ],
    [
      "a day is none",
      { ...berlin, open: [{ ...office, days: ["mon", "1-5"] }] },
      "open[0].days[1]",
      "write mon, tue, wed, thu, fri, sat, sun, or a span such as mon-fri",
    ],
    [
      "a time is none",
      { ...berlin, open: [{ ...office, from: "9" }] },
      "open[0].from",
      'write it as "09:00"',
    ],
    [
      "a window goes over midnight",
      { ...berlin, open: [{ ...office, from: "22:00", to: "02:00" }] },
      "open[0].to",
      "write two windows where it goes over midnight: 22:00 to 24:00, and 00:00 to 02:00 on the days after",
    ],
    [
      "a freeze ends before it begins",
      { ...berlin, freezes: [{ from: "2027-01-04", to: "2026-12-18" }] },
      "freezes[0].to",
      "exchange them: from: 2026-12-18, to: 2027-01-04",
    ],
    [
      "a freeze begins on no day",
      { ...berlin, freezes: [{ from: "2026-02-30", to: "2026-03-18" }] },
      "freezes[0].from",
      "name a day that the month has",
    ],
  ]);

  it("fail without a timezone, since nobody's clock is everybody's", () => {
    const [fault] = faultsOf(asWindows({ open: [office] }));
    assert.equal(fault.path, "gantry:pipeline.windows.timezone");
  });
});
