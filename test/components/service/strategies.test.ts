import assert from "node:assert/strict";
import { deploymentStrategies, shifts } from "../../../contract/deploymentStrategy";
import { isStep, shiftTimes, stepRange } from "../../../components/service/strategies";

describe("deployment strategies", () => {
  it("that shift are those of two sets of tasks", () => {
    assert.deepEqual(deploymentStrategies.filter(shifts), ["blueGreen", "canary", "linear"]);
    assert.equal(shifts(undefined), false);
  });

  for (const [strategy, given, times] of [
    ["rolling", { bakeMinutes: 3 }, {}],
    ["blueGreen", {}, { bakeMinutes: 5 }],
    ["blueGreen", { bakeMinutes: 0 }, { bakeMinutes: 0 }],
    ["canary", {}, { bakeMinutes: 5, stepPercent: 5, stepMinutes: 5 }],
    ["linear", { stepPercent: 25 }, { bakeMinutes: 5, stepPercent: 25, stepMinutes: 3 }],
  ] as const) {
    it(`have the numbers of ${strategy} with ${JSON.stringify(given)}`, () =>
      assert.deepEqual(shiftTimes(strategy, given), times));
  }

  for (const [percent, strategy, allowed] of [
    [0.1, "canary", true],
    [0.05, "canary", false],
    [12.3, "canary", true],
    [12.34, "canary", false],
    [100, "linear", true],
    [100.1, "linear", false],
    [2.9, "linear", false],
    [3, "linear", true],
    [NaN, "linear", false],
  ] as const) {
    it(`${allowed ? "take" : "refuse"} a step of ${percent} percent with ${strategy}`, () =>
      assert.equal(isStep(percent, stepRange(strategy)), allowed));
  }
});
