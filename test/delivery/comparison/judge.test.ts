import assert from "node:assert/strict";
import fc from "fast-check";
import { judge, leastRequests, type Answers } from "../../../delivery/comparison/judge";

function answers(requests: number, errors: number, mean?: number, p95 = mean): Answers {
  if (mean === undefined || p95 === undefined) return { requests, errors };
  return { requests, errors, seconds: { requests, mean, p95 } };
}

describe("the comparison of new tasks with old ones", () => {
  const cases: readonly [string, Answers | undefined, Answers, string][] = [
    ["without an error", answers(1000, 0), answers(1000, 0), "asGood"],
    ["every answer an error", answers(1000, 0), answers(100, 100), "worse"],
    ["5 of 100, which chance explains", answers(100, 0), answers(100, 5), "asGood"],
    ["9 of 100, which it does not", answers(100, 0), answers(100, 9), "worse"],
    ["less than a percentage point more", answers(1e6, 0), answers(1e6, 9000), "asGood"],
    ["more by a percentage point", answers(1e6, 0), answers(1e6, 10_000), "worse"],
    ["as many as before", answers(1000, 500), answers(1000, 500), "asGood"],
    ["fewer than before", answers(1000, 500), answers(1000, 0), "asGood"],
    ["more errors than requests", answers(1000, 0), answers(100, 180), "worse"],
    ["slower", answers(1000, 0, 0.2, 0.4), answers(1000, 0, 0.4, 0.8), "worse"],
    ["a slow few", answers(1000, 0, 0.2, 0.4), answers(1000, 0, 0.22, 0.8), "asGood"],
    ["slower by what nobody notices", answers(1000, 0, 0.02), answers(1000, 0, 0.09), "asGood"],
    ["less than half as slow again", answers(1000, 0, 2), answers(1000, 0, 2.9), "asGood"],
    ["too few requests, all errors", answers(1000, 0), answers(99, 99), "notJudged"],
    ["no request", answers(1000, 0), answers(0, 0), "notJudged"],
    ["too few requests before", answers(99, 0), answers(1000, 1000), "notJudged"],
    ["nothing before", undefined, answers(1000, 1000), "notJudged"],
  ];
  for (const [name, old, now, result] of cases) {
    it(`calls ${name} ${result}`, () => {
      assert.equal(judge(old, now).result, result);
    });
  }

  it("says the numbers", () => {
    assert.equal(
      judge(answers(400, 1, 0.21, 0.5), answers(120, 30, 0.5, 1)).text,
      "the new tasks fail more often and are slower than the old ones: 30 of 120 requests failed (25 %), of the old ones' " +
        "1 of 400 requests failed (0.3 %); they took 0.50 s (p95 1.00 s), the old ones 0.21 s (p95 0.50 s)",
    );
    assert.equal(
      judge(answers(400, 1), answers(12, 12)).text,
      "not judged: the new tasks had 12 requests of the 100 that a comparison takes",
    );
    assert.match(judge(answers(400, 1), answers(1, 0)).text, /had 1 request of the 100/);
    assert.equal(judge(undefined, answers(12, 12)).text, "not judged: nothing ran before");
  });

  it("does not judge times of too few warm requests, and says so", () => {
    const cold = { ...answers(400, 0), seconds: { requests: 20, mean: 9, p95: 9 } };
    const { result, text } = judge(answers(400, 0, 0.1), cold);
    assert.equal(result, "asGood");
    assert.match(text, /how long they took is not judged/);
  });

  const side = fc
    .record({ requests: fc.nat(5000), share: fc.double({ min: 0, max: 1, noNaN: true }) })
    .map(({ requests, share }) => answers(requests, Math.floor(requests * share)));

  it("never calls the same worse", () => {
    fc.assert(fc.property(side, (one) => judge(one, one).result !== "worse"));
  });

  it("never calls good what either side had too few requests for", () => {
    fc.assert(
      fc.property(side, side, (old, now) => {
        const few = old.requests < leastRequests || now.requests < leastRequests;
        return (judge(old, now).result === "notJudged") === few;
      }),
    );
  });

  it("is no better with more errors of the new tasks", () => {
    fc.assert(
      fc.property(side, side, fc.nat(500), (old, now, more) => {
        if (judge(old, now).result !== "worse") return true;
        const errors = Math.min(now.requests, now.errors + more);
        return judge(old, { ...now, errors }).result === "worse";
      }),
    );
  });
});
