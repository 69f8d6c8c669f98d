import assert from "node:assert/strict";
import { inProduction, rolledBack } from "../../local/deliveries";
import { delivered } from "./reportFixture";

const [good, bad] = delivered.deliveries.map(({ runs }) => runs);
const [, production] = good;
const [failed] = bad;
const failedAtDeploy = {
  ...failed,
  stages: failed.stages.map((stage) => ({
    ...stage,
    actions: stage.actions.map((action) => ({
      ...action,
      status: action.name === "Deploy" ? ("Failed" as const) : action.status,
    })),
  })),
};

describe("what is expected of a commit that nothing is wrong with", () => {
  it("is that it runs in both environments", () => {
    assert.deepEqual(inProduction(good), {
      outcome: "It runs in staging and in production.",
      asExpected: true,
    });
  });

  for (const [title, runs, outcome] of [
    ["starts nothing", [], "It started no pipeline."],
    ["never arrives in production", [good[0]], "It started no second pipeline."],
    ["fails", bad, "shop-staging failed."],
    [
      "fails in production",
      [good[0], { ...production, status: "Failed" }],
      "shop-production failed.",
    ],
  ] as const) {
    it(`is not met when it ${title}`, () =>
      assert.deepEqual(inProduction(runs), { outcome, asExpected: false }));
  }
});

describe("what is expected of a commit that verification finds wrong", () => {
  it("is that it is rolled back in staging", () => {
    assert.deepEqual(rolledBack(bad), {
      outcome: "It was rolled back in staging, and never reached production.",
      asExpected: true,
    });
  });

  for (const [title, runs, outcome] of [
    ["passes", [good[0]], /nothing failed/],
    ["fails before its verification", [failedAtDeploy], /Deploy failed/],
    ["reaches production", [failed, production], /should have been rolled back/],
    ["starts nothing", [], /nothing failed/],
  ] as const) {
    it(`is not met when it ${title}`, () => {
      const judged = rolledBack(runs);
      assert.equal(judged.asExpected, false);
      assert.match(judged.outcome, outcome);
    });
  }
});
