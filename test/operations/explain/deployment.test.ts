import assert from "node:assert/strict";
import type { DeploymentRecord } from "../../../delivery/ledger";
import { deploymentMeant, doneAbout, placeOf } from "../../../operations/explain/deployment";
import { failed, release, verified } from "./record";

describe("the deployment that is explained", () => {
  const records = [verified(4), failed(3), failed(2, { release: release(3) }), verified(1)];
  const meant = (given?: string) => deploymentMeant({ records }, "production", given)?.number;

  for (const [what, given, wanted] of [
    ["is the newest that failed", undefined, 3],
    ["is the one of a number", "1", 1],
    ["is the one of a number with a hash", "#4", 4],
    ["is the newest of a release", release(3).id, 3],
  ] as const) {
    it(what, () => assert.equal(meant(given), wanted));
  }

  it("is none where none failed", () => {
    assert.equal(deploymentMeant({ records: [verified(1)] }, "production"), undefined);
  });

  it("is told where there is none of the name, with the nearest", () => {
    assert.throws(() => meant("44444444-5"), /no deployment 44444444-5\. Is 44444444-4 meant\?/);
    assert.throws(() => meant("9"), /no deployment 9\. Give a number.*gantry history/);
  });
});

describe("where a deployment failed, and what was done", () => {
  const cases: readonly [string, Partial<DeploymentRecord>, RegExp, RegExp][] = [
    ["services were updated", {}, /as services were updated/, /rolled back: 22222222-2 ran again$/],
    [
      "nothing was changed",
      { history: ["begun", "failed"] },
      /before any service was updated/,
      /no service was changed: 22222222-2 ran on/,
    ],
    [
      "people refused it",
      { failedStage: "approval" },
      /as people refused it after its verification/,
      /rolled back/,
    ],
    ["requests went over", { failedStage: "shift" }, /as requests went over/, /rolled back/],
    ["it was verified", { failedStage: "verify" }, /^as it was verified$/, /rolled back/],
    [
      "its lock was taken away",
      { failedStage: "verify", unlockedBy: "ada", history: ["begun", "unlocked"] },
      /as its lock was taken away/,
      /no service was changed/,
    ],
    [
      "a newer one came",
      { failedStage: "superseded", reason: "superseded by release x", restored: undefined },
      /as a newer release came/,
      /until the newer release: superseded by release x/,
    ],
    [
      "it was a restart",
      { kind: "restart", history: ["begun", "failed"] },
      /as tasks were exchanged/,
      /22222222-2 runs on/,
    ],
    [
      "it was not taken back",
      { restored: undefined },
      /as services were updated/,
      /services may run 33333333-3 or 22222222-2/,
    ],
    [
      "it was the first",
      { restored: undefined, previous: undefined },
      /as services were updated/,
      /nothing to go back to: 33333333-3 was the first release/,
    ],
  ];
  for (const [what, more, place, done] of cases) {
    it(`is told where ${what}`, () => {
      const record = failed(3, more);
      assert.match(placeOf(record), place);
      assert.match(doneAbout(record, { records: [record] }), done);
    });
  }

  it("names the deployment that went back, and the one that came after what was not taken back", () => {
    const back = verified(4, { kind: "rollback", release: release(2) });
    const first = failed(3, { failedStage: "verify" });
    assert.match(doneAbout(first, { records: [back, first] }), /ran again, by deployment 4$/);
    const left = failed(3, { restored: undefined });
    const records = [verified(5), verified(4, { release: release(9) }), left];
    assert.match(doneAbout(left, { records }), /deployment 4 \(deploy of 99999999-9, verified\)/);
  });
});
