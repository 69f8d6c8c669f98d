import assert from "node:assert/strict";
import fc from "fast-check";
import { changeTimes, changeTimesText, durationText } from "../../contract/changeTimes";
import type { TimedService } from "../../contract/times";
import { parse } from "../stacks/config/support";

const leaves = { drainSeconds: 15, stopTimeoutSeconds: 30 };

describe("what a change takes by its settings", () => {
  const rows: readonly [what: string, TimedService, number, string][] = [
    [
      "a rolling service: old tasks finish, and stop",
      leaves,
      45,
      "at most 45 s after its tasks are healthy (drain 15 s, stop 30 s)",
    ],
    [
      "a worker, which nothing is led to",
      { stopTimeoutSeconds: 120 },
      120,
      "at most 2 min after its tasks are healthy (stop 2 min)",
    ],
    [
      "what is recreated: old tasks have gone before",
      { ...leaves, deployment: { strategy: "recreate" } },
      0,
      "as soon as its tasks are healthy; before, nobody answers (drain 15 s, stop 30 s, and the start)",
    ],
    [
      "blueGreen: the bake",
      { ...leaves, deployment: { strategy: "blueGreen", bakeMinutes: 5 } },
      345,
      "at most 5 min 45 s after its tasks are healthy (shift and bake 5 min, drain 15 s, stop 30 s)",
    ],
    [
      "canary: a step and the bake",
      {
        ...leaves,
        deployment: { strategy: "canary", stepPercent: 5, stepMinutes: 10, bakeMinutes: 50 },
      },
      3645,
      "at most 1 h 45 s after its tasks are healthy (shift and bake 1 h, drain 15 s, stop 30 s)",
    ],
    [
      "linear: every step but the last, and the bake",
      {
        ...leaves,
        deployment: { strategy: "linear", stepPercent: 25, stepMinutes: 2, bakeMinutes: 0 },
      },
      405,
      "at most 6 min 45 s after its tasks are healthy (shift and bake 6 min, drain 15 s, stop 30 s)",
    ],
  ];
  for (const [what, service, seconds, text] of rows) {
    it(`of ${what}`, () => {
      const times = changeTimes(service);
      assert.equal(times.finishSeconds, seconds);
      assert.equal(changeTimesText(times), text);
    });
  }

  it("of production's web services, and staging's, with the defaults", () => {
    const of = (stack: string) => {
      const { web } = parse({ services: { web: {} } }, { stack }).services;
      return changeTimes(web);
    };
    assert.deepEqual(of("production"), {
      ...{ healthySeconds: 10, shiftSeconds: 300, drainSeconds: 15, stopSeconds: 30 },
      finishSeconds: 345,
    });
    assert.equal(of("staging").finishSeconds, 45);
  });

  const healthy: readonly [TimedService["healthCheck"], number][] = [
    [undefined, 0],
    [{}, 30],
    [{ intervalSeconds: 10 }, 10],
    [{ intervalSeconds: 30, healthyThreshold: 5, graceSeconds: 600 }, 150],
  ];
  for (const [healthCheck, seconds] of healthy) {
    it(`has ${seconds} s of checks with ${JSON.stringify(healthCheck) ?? "none"}`, () => {
      assert.equal(changeTimes({ ...leaves, healthCheck }).healthySeconds, seconds);
    });
  }
});

describe("a duration", () => {
  it("is told whole, whatever its length", () => {
    assert.equal(durationText(0), "0 s");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seconds) => {
        const units = { h: 3600, min: 60, s: 1 };
        const told = [...durationText(seconds).matchAll(/(\d+) (h|min|s)/g)];
        const sum = told.reduce(
          (total, [, count, unit]) => total + Number(count) * units[unit as keyof typeof units],
          0,
        );
        assert.equal(sum, seconds);
      }),
    );
  });
});
