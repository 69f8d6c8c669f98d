import assert from "node:assert/strict";
import { phasesOf } from "../../../rehearsal/traffic/phases";
import { countOf, foldAnswers } from "../../../rehearsal/traffic/report";
import type { Asked } from "../../../rehearsal/traffic/client";
import { taskDefinitions, traffic } from "./fixture";

const known = new Map([
  ["old", { id: "a-1", verifiedAt: 0 }],
  ["new", { id: "b-2", verifiedAt: 1_300 }],
  ["bad", { id: "c-3" }],
]);

const asked = (at: number, taskDefinition: string | null, more: Partial<Asked> = {}): Asked => ({
  ...{ service: "web", at, ledAt: at, milliseconds: at / 100, status: 200, taskDefinition },
  ...more,
});

const kindsOf = (...all: readonly Asked[]) => foldAnswers(all, known).map(({ kind }) => kind);

describe("what a client's requests come to", () => {
  it("is one entry for those one after the other that were answered alike", () => {
    const folded = foldAnswers(
      [asked(1_000, "old"), asked(1_100, "old"), asked(1_200, "old", { status: 404 })],
      known,
    );
    const same = { taskDefinition: "old", kind: "verified" };
    assert.deepEqual(folded, [
      {
        ...{ from: "1970-01-01T00:00:01.000Z", until: "1970-01-01T00:00:01.100Z", count: 2 },
        ...{ status: 200, ...same, milliseconds: 11 },
      },
      {
        ...{ from: "1970-01-01T00:00:01.200Z", until: "1970-01-01T00:00:01.200Z", count: 1 },
        ...{ status: 404, ...same, milliseconds: 12 },
      },
    ]);
  });

  it("has no entry over a change of weights", () => {
    const all = [1_000, 1_100, 1_200].map((at) => asked(at, "old"));
    const counts = (...cuts: readonly number[]) =>
      foldAnswers(all, known, cuts).map(({ count }) => count);
    assert.deepEqual(counts(), [3]);
    assert.deepEqual(counts(1_100), [1, 2]);
    assert.deepEqual(counts(1_101), [2, 1]);
    assert.deepEqual(counts(999, 1_201), [3]);
  });

  it("is unverified where the release that answers is not, or not yet", () => {
    assert.deepEqual(kindsOf(asked(1_299, "new"), asked(1_300, "new")), ["unverified", "verified"]);
    assert.deepEqual(kindsOf(asked(9_000, "bad")), ["unverified"]);
    // On a busy machine it takes a while from the client to the load balancer, which decides.
    const late = asked(1_250, "new", { ledAt: 1_300 });
    assert.deepEqual(kindsOf(late, { ...late, ledAt: 1_299 }), ["verified", "unverified"]);
  });

  it("is failed where no answer came or an error of the server, whoever was asked", () => {
    const broken = asked(1_000, null, { status: null, error: "ECONNRESET" });
    const errors = [asked(1_100, "old", { status: 503 }), asked(1_200, null, { status: 503 })];
    assert.deepEqual(kindsOf(broken, ...errors), ["failed", "failed", "failed"]);
    assert.equal(foldAnswers([broken], known)[0].error, "ECONNRESET");
  });

  it("is no failure where there is no release yet, nor an answer of one where the load balancer redirects", () => {
    const placeholder = asked(1_000, "placeholder", { status: 502 });
    assert.deepEqual(kindsOf(placeholder, asked(1_100, null, { status: 301 })), ["none", "none"]);
  });

  it("can be counted by kind", () => {
    assert.equal(countOf(traffic), 449);
    assert.equal(countOf(traffic, "verified"), 449);
    assert.equal(countOf(traffic, "failed"), 0);
  });
});

describe("the phases of a service's traffic", () => {
  const [web] = traffic.services;
  const begin = Date.parse(traffic.startedAt);
  const end = begin + traffic.seconds * 1000;

  it("begin with each change of a rule, and follow each other without a gap", () => {
    const phases = phasesOf(web, begin, end);
    assert.deepEqual(
      phases.map(({ from, until }) => [(from - begin) / 1000, (until - begin) / 1000]),
      [
        [0, 25],
        [25, 39],
        [39, 41],
        [41, 45],
      ],
    );
    const counted = phases.flatMap(({ answers }) => answers);
    assert.deepEqual(counted, web.answers);
  });

  it("know what served before the first change of a canary, whose first step is the smaller one or the larger", () => {
    for (const weight of [10, 60, 100]) {
      const shifts = web.shifts.map((shift) =>
        shift.traffic === "test"
          ? shift
          : { ...shift, weights: { green: weight, blue: 100 - weight } },
      );
      const [first] = phasesOf({ ...web, shifts }, begin, end);
      assert.deepEqual(first.production, { [taskDefinitions.old]: 100, [taskDefinitions.new]: 0 });
    }
  });

  it("are one without weights where nothing shifts", () => {
    const phases = phasesOf({ ...web, shifts: [] }, begin, end);
    assert.deepEqual(phases, [{ from: begin, until: end, answers: web.answers }]);
  });
});
