import assert from "node:assert/strict";
import type { LedgerNote } from "../../../delivery/ledger";
import { changesOf, type Change } from "../../../delivery/metrics/changes";
import { releaseNumber } from "../support/fakePorts";
import { begun, concluding, deployed, failed, held, minute, Story, verified } from "./records";

describe("what the ledger tells of changes", () => {
  let story: Story;

  beforeEach(() => (story = new Story()));

  const changes = (notes: readonly LedgerNote[] = [], isWhole = true): Change[] =>
    changesOf({ records: story.records, notes, isWhole });
  const outcomes = () => changes().map(({ outcome }) => outcome);
  const committed = (at: number) => ({ origin: { committedAt: minute(at) } });
  const rollback = (at: number, to: number, from: number) =>
    begun(at, to, { kind: "rollback", previous: releaseNumber(from) });

  it("counts from the commit until it runs, once for each release", () => {
    story.add(begun(60, 1, committed(0)), deployed(70), verified(80));
    story.add(rollback(90, 0, 1), deployed(95));
    story.add(begun(100, 1, committed(0)), deployed(110));
    assert.deepEqual(
      changes().map(({ leadSeconds, leadUnknown }) => ({ leadSeconds, leadUnknown })),
      [
        { leadSeconds: 70 * 60, leadUnknown: undefined },
        { leadSeconds: undefined, leadUnknown: undefined },
      ],
    );
  });

  it("guesses no commit time, and no first run", () => {
    story.add(begun(60, 1), deployed(70));
    assert.equal(changes()[0].leadUnknown, "commitTime");
    // Made on 1 January, and so before the oldest deployment that was read.
    assert.equal(changes([], false)[0].leadUnknown, "firstRun");
  });

  it("takes one that serves for good, until and after a newer one comes", () => {
    story.add(begun(0, 1), deployed(1));
    story.add(begun(10, 2), deployed(11), verified(12));
    assert.deepEqual(outcomes(), ["good", "good"]);
  });

  it("takes one that its verification takes back for failed, until the rollback runs", () => {
    story.add(begun(0, 1), deployed(1), verified(2));
    story.add(begun(10, 2), deployed(12), failed(20, "verify", 1));
    story.add(rollback(14, 1, 2), deployed(18));
    const [, second] = changes();
    assert.equal(second.outcome, "failed");
    assert.equal(second.restoreSeconds, 6 * 60);
  });

  it("takes one that a person goes back from for failed, though it was verified", () => {
    story.add(begun(0, 1), deployed(1), verified(2));
    story.add(begun(10, 2), deployed(11), verified(12));
    story.add(rollback(40, 1, 2), deployed(41));
    assert.deepEqual(outcomes(), ["good", "failed"]);
    assert.equal(changes()[1].restoreSeconds, 30 * 60);
  });

  it("blames the newest deployment of a release that is gone back from, and no other", () => {
    story.add(begun(0, 2), deployed(1));
    story.add(begun(5, 3), deployed(6));
    story.add(begun(10, 2), deployed(11));
    story.add(rollback(20, 3, 2), deployed(21));
    assert.deepEqual(outcomes(), ["good", "good", "failed"]);
  });

  it("knows no end of a failure from which nothing has run well", () => {
    story.add(begun(0, 1), deployed(1));
    story.add(begun(10, 2), deployed(11));
    story.add(rollback(20, 1, 2), failed(25, "deploy"));
    assert.equal(changes()[1].outcome, "failed");
    assert.equal(changes()[1].restoreSeconds, undefined);
    // Fixed forward: it ends there.
    story.add(begun(30, 3), deployed(31));
    assert.equal(changes()[1].restoreSeconds, 20 * 60);
  });

  it("takes what went wrong as requests went over for failed, and not for one that ran", () => {
    story.add(begun(0, 2, committed(0)), held(1), concluding(5), failed(9, "shift", 1));
    const [change] = changes();
    assert.deepEqual(
      [change.outcome, change.servedAt, change.restoreSeconds, change.leadSeconds],
      ["failed", minute(5), 4 * 60, undefined],
    );
  });

  for (const stage of ["deploy", "verify", "approval"] as const) {
    it(`takes what failed at ${stage} before users met it for prevented`, () => {
      story.add(begun(0, 2), held(1), failed(9, stage, 1));
      const [change] = changes();
      assert.deepEqual([change.outcome, change.servedAt], ["prevented", undefined]);
    });
  }

  it("tells what was superseded, what waits, and what is being made", () => {
    story.add(begun(0, 1), held(1), failed(9, "superseded"));
    story.add(begun(9, 2), held(10));
    story.add(begun(20, 3));
    assert.deepEqual(outcomes(), ["superseded", "open", "open"]);
  });

  it("takes what brings back what ran for no change", () => {
    story.add(begun(0, 1), deployed(1));
    story.add(begun(5, 1, { kind: "restore", previous: releaseNumber(1) }), deployed(6));
    story.add(rollback(10, 0, 1), deployed(11));
    assert.deepEqual(outcomes(), ["failed"]);
  });

  it("tells what an override let past, of its release and its hours alone", () => {
    story.add(begun(0, 1), deployed(1));
    story.add(begun(20, 2), deployed(21));
    story.add(begun(80, 2), deployed(81));
    const override: LedgerNote = {
      ...{ note: "override", by: "ada", reason: "hotfix", gates: ["windows"] },
      ...{ at: minute(10), until: minute(60), number: 1, version: 1 },
    };
    const overridden = (note: LedgerNote) => changes([note]).map((one) => one.isOverridden);
    assert.deepEqual(overridden(override), [false, true, false]);
    assert.deepEqual(overridden({ ...override, release: releaseNumber(9).id }), [
      ...[false, false, false],
    ]);
  });
});
