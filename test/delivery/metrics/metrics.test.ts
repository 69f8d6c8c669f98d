import assert from "node:assert/strict";
import fc from "fast-check";
import { deliveryMetrics, type DeliveryMetrics } from "../../../delivery/metrics/metrics";
import { metricsPage } from "../../../delivery/metrics/page";
import { bars, sparkline } from "../../../delivery/metrics/plot";
import { statisticsOf } from "../../../delivery/metrics/statistics";
import { metricsText } from "../../../delivery/metrics/text";
import { weekOf, weeksBetween } from "../../../delivery/metrics/weeks";
import { durationText } from "../../../delivery/metrics/words";
import { releaseNumber } from "../support/fakePorts";
import { begun, deployed, failed, minute, Story, verified } from "./records";

const day = 24 * 60;

/** 1 January 2026 is a Thursday, of the first week. */
describe("delivery metrics", () => {
  let story: Story;

  beforeEach(() => (story = new Story()));

  const metrics = (
    until: number,
    { since = 0, isWhole = true }: { since?: number; isWhole?: boolean } = {},
  ): DeliveryMetrics =>
    deliveryMetrics({
      ...{ records: story.records, isWhole, stack: "production" },
      ...{ since: new Date(minute(since)), until: new Date(minute(until)) },
    });

  function threeWeeks(): void {
    const committed = (at: number) => ({ origin: { committedAt: minute(at) } });
    story.add(begun(60, 1, committed(0)), deployed(120), verified(130));
    story.add(begun(200, 2), deployed(210), failed(240, "verify", 1));
    story.add(begun(215, 1, { kind: "rollback", previous: releaseNumber(2) }), deployed(220));
    story.add(begun(300, 3), failed(310, "deploy", 1));
    story.add(begun(14 * day, 4, committed(13 * day)), deployed(14 * day + 60));
  }

  it("are the four of DORA, over all and for each week, those without a deployment too", () => {
    threeWeeks();
    const { weeks, perWeek, leadTime, timeToRestore, ...rest } = metrics(15 * day);
    assert.deepEqual(
      weeks.map(({ name, from, deployments, failed }) => [name, from, deployments, failed]),
      [
        ["2026-W01", "2025-12-29", 2, 1],
        ["2026-W02", "2026-01-05", 0, 0],
        ["2026-W03", "2026-01-12", 1, 0],
      ],
    );
    assert.deepEqual(perWeek, { count: 3, median: 1, p90: 1.8 });
    assert.deepEqual(leadTime, { count: 2, median: 13.5 * 3600, p90: 22.7 * 3600 });
    assert.deepEqual(timeToRestore, { count: 1, median: 600, p90: 600 });
    assert.equal(rest.changeFailureRate, 1 / 3);
    assert.deepEqual([rest.deployments, rest.failed, rest.prevented], [3, 1, 1]);
    assert.equal(weeks[1].changeFailureRate, undefined);
    assert.match(rest.gaps.join("\n"), /lead time: of 1 deployment the ledger has no commit time/);
  });

  it("do not count the time before the history as one without deployments", () => {
    story.add(begun(30 * day, 1), deployed(30 * day + 5));
    const { from, weeks, gaps } = metrics(31 * day);
    assert.equal(from, minute(30 * day));
    assert.equal(weeks.length, 1);
    assert.match(gaps[0], /the history begins at 2026-01-31/);
    assert.equal(metrics(31 * day, { isWhole: false }).weeks.length, 5);
  });

  it("say nothing of an environment without deployments", () => {
    const { weeks, gaps, changeFailureRate } = metrics(day);
    assert.deepEqual([weeks, changeFailureRate], [[], undefined]);
    assert.match(gaps[0], /the history has no deployment/);
    assert.match(metricsText(metrics(day)), /change failure rate +- +0/);
  });

  it("tell what failed and has not ended", () => {
    story.add(begun(0, 1), deployed(1), failed(2, "verify"));
    assert.match(metrics(day).gaps.join(), /time to restore: deployment 1 of 00000001-1 failed/);
  });

  it("leave out what lies before the time, though it was read", () => {
    threeWeeks();
    const { deployments, failed: gone } = metrics(15 * day, { since: 7 * day });
    assert.deepEqual([deployments, gone], [1, 0]);
  });

  it("are told in a line each, with a character for each week", () => {
    threeWeeks();
    const text = metricsText(metrics(15 * day));
    assert.match(text, /^Delivery to production from 2026-01-01 to 2026-01-16 \(3 weeks, UTC\)\n/);
    assert.match(text, /^lead time for changes +14 h +23 h +2 +▁·█$/m);
    assert.match(text, /^deployments per week +1 +1.8 +3 +█▁▅$/m);
    assert.match(text, /^change failure rate +33 % +3 +█·▁$/m);
    assert.match(text, /^time to restore +10 min +10 min +1 +█··$/m);
    assert.match(text, /^2026-W02 +0 +0 +- +- +- +- +0 +0 +0$/m);
  });

  it("are a page with a drawing of each that says what it shows", () => {
    threeWeeks();
    const page = metricsPage(metrics(15 * day));
    assert.equal(
      page.match(/<svg class="chart"[^>]* role="img" aria-label="[^"]+ by week"/g)?.length,
      4,
    );
    assert.match(page, /<title>2026-W01: 50 %<\/title>/);
    assert.match(page, /<title>2026-W02: none<\/title>/);
    assert.doesNotMatch(page, /NaN|Infinity|undefined|https?:|<script/);
  });

  it("count each change once, whatever happened", () => {
    const kinds = fc.constantFrom("good", "verify", "deploy", "superseded", "back", "open");
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, fc.nat(3 * day)), { maxLength: 40 }), (steps) => {
        story = new Story();
        let at = 0;
        for (const [index, [kind, wait]] of steps.entries()) {
          at += wait + 10;
          const release = index + 1;
          if (kind === "good" || kind === "back") story.add(begun(at, release), deployed(at + 1));
          if (kind === "back") {
            const previous = releaseNumber(release);
            story.add(begun(at + 2, 0, { kind: "rollback", previous }), deployed(at + 3));
          }
          if (kind === "verify")
            story.add(begun(at, release), deployed(at + 1), failed(at + 2, kind, 0));
          if (kind === "deploy" || kind === "superseded") {
            story.add(begun(at, release), failed(at + 1, kind, 0));
          }
          if (kind === "open") story.add(begun(at, release));
        }
        const found = metrics(at + 10);
        const count = (...wanted: string[]) =>
          steps.filter(([kind]) => wanted.includes(kind)).length;
        assert.equal(found.deployments, count("good", "back", "verify"));
        assert.equal(found.failed, count("back", "verify"));
        assert.equal(found.prevented, count("deploy"));
        assert.equal(found.superseded, count("superseded"));
        assert.equal(found.timeToRestore.count, found.failed);
        const sum = (of: (week: (typeof found.weeks)[number]) => number) =>
          found.weeks.reduce((all, week) => all + of(week), 0);
        assert.equal(
          sum(({ deployments }) => deployments),
          found.deployments,
        );
        assert.equal(
          sum(({ failed: gone }) => gone),
          found.failed,
        );
        assert.equal(
          sum(({ prevented }) => prevented),
          found.prevented,
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe("statistics", () => {
  const figures = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1 });

  it("lie between the least and the most, in their order, however these come", () => {
    fc.assert(
      fc.property(figures, (given) => {
        const { count, median = NaN, p90 = NaN } = statisticsOf(given);
        assert.equal(count, given.length);
        assert.ok(Math.min(...given) <= median && median <= p90 && p90 <= Math.max(...given));
        assert.deepEqual(statisticsOf([...given].reverse()), { count, median, p90 });
        assert.ok(given.filter((figure) => figure <= median).length * 2 >= given.length);
      }),
    );
  });

  it("are those of a spreadsheet", () => {
    assert.deepEqual(statisticsOf([4, 1, 3, 2]), { count: 4, median: 2.5, p90: 3.7 });
    assert.deepEqual(statisticsOf([]), { count: 0 });
  });
});

describe("weeks", () => {
  it("are those of ISO 8601, also at the turn of a year", () => {
    const named = (text: string) => weekOf(new Date(text)).name;
    assert.equal(named("2026-01-01T00:00:00Z"), "2026-W01");
    assert.equal(named("2027-01-01T00:00:00Z"), "2026-W53");
    assert.equal(named("2024-12-30T00:00:00Z"), "2025-W01");
    assert.equal(named("2026-11-29T23:59:59Z"), "2026-W48");
    assert.equal(named("2026-11-30T00:00:00Z"), "2026-W49");
  });

  it("follow each other by seven days without a gap, and each moment is in one of them", () => {
    const range = { min: new Date("1990-01-01"), max: new Date("2090-01-01"), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(range), fc.nat(400), fc.nat(86_399_999), (from, days, ms) => {
        const to = new Date(from.getTime() + days * 86_400_000 + ms);
        const weeks = weeksBetween(from, to);
        for (const [index, { from: monday }] of weeks.entries()) {
          assert.equal(new Date(monday).getUTCDay(), 1);
          if (index === 0) continue;
          assert.equal(Date.parse(monday) - Date.parse(weeks[index - 1].from), 7 * 86_400_000);
        }
        assert.deepEqual([weeks[0], weeks.at(-1)], [weekOf(from), weekOf(to)]);
        assert.equal(new Set(weeks.map(({ name }) => name)).size, weeks.length);
      }),
    );
  });
});

describe("plots", () => {
  it("have a mark for each figure, the tallest for the highest, and another for none", () => {
    assert.equal(sparkline([0, 4, undefined, 8]), "▁▅·█");
    assert.equal(sparkline([0, 0]), "▁▁");
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ min: 0, noNaN: true, max: 1e12 }), { nil: undefined })),
        (series) => {
          assert.equal([...sparkline(series)].length, series.length);
          const labels = series.map((_, index) => String(index));
          const svg = bars({ title: "t", labels, series, format: String });
          assert.equal(svg.match(/<rect/g)?.length ?? 0, series.length);
          for (const [, height] of svg.matchAll(/ height="([^"]+)"/g)) {
            assert.ok(Number(height) > 0 && Number(height) <= 110, height);
          }
        },
      ),
    );
  });

  it("tell times in units that people say", () => {
    assert.deepEqual([0, 42, 119, 120, 5400, 7200, 90_000, 172_800].map(durationText), [
      ...["0 s", "42 s", "119 s", "2 min", "90 min", "2 h", "25 h", "2 days"],
    ]);
  });
});
