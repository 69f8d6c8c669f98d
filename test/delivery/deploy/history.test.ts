import assert from "node:assert/strict";
import { deploymentsOf, newestChange, newestOf } from "../../../delivery/deploy/history";
import { soakOf } from "../../../delivery/gates/soak";
import { changesOf } from "../../../delivery/metrics/changes";
import { aRecord, releaseNumber } from "../support/fakePorts";

const [one, two] = [1, 2].map((n) => releaseNumber(n));
const at = (minute: number) => new Date(Date.UTC(2026, 0, 31, 12, minute)).toISOString();
const ended = { begunAt: at(0), endedAt: at(1), times: { begun: at(0), deployed: at(1) } };
const restart = { kind: "restart", begunAt: at(10), endedAt: at(12), previous: two } as const;

/** Newest first: the second release was verified, and its tasks were restarted. */
const records = [
  aRecord(3, two, { ...restart, status: "deployed" }),
  aRecord(2, two, { ...ended, status: "verified", previous: one }),
  aRecord(1, one, { ...ended, status: "verified" }),
];

describe("a restart in the history", () => {
  it("is no deployment of the release, so nobody is told that it brought it", () => {
    assert.deepEqual(
      deploymentsOf({ records }, two.id).map(({ number }) => number),
      [2],
    );
    assert.equal(newestOf({ records }, two.id)?.number, 2);
  });

  it("makes no plan stale", () => assert.equal(newestChange({ records }), 2));

  it("counts as no change in the metrics", () => {
    const changes = changesOf({ records, isWhole: true });
    assert.deepEqual(
      changes.map(({ number, outcome }) => [number, outcome]),
      [
        [1, "good"],
        [2, "good"],
      ],
    );
  });

  for (const [what, status, restored] of [
    ["that went well", "deployed", undefined],
    ["that failed", "failed", two.id],
  ] as const) {
    it(`${what} lets the release soak on, but for the time that it took`, () => {
      const told = [aRecord(3, two, { ...restart, status, restored }), ...records.slice(1)];
      const soak = soakOf({
        ...{ view: { records: told }, releaseId: two.id },
        ...{ since: new Date(at(1)), now: new Date(at(20)) },
      });
      assert.deepEqual(soak, { countedMs: (9 + 8) * 60_000, runs: true });
    });
  }
});
