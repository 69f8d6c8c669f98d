import assert from "node:assert/strict";
import fc from "fast-check";
import { distance, nearest } from "../../../stacks/config/nearest";

describe("nearest", () => {
  const known = ["memoryMiB", "cpu", "healthCheck", "port", "path", "secrets"];
  const cases: [given: string, meant: string | undefined][] = [
    ["memory", "memoryMiB"],
    ["memoryMib", "memoryMiB"],
    ["prot", "port"],
    ["healtcheck", "healthCheck"],
    ["secret", "secrets"],
    ["CPU", "cpu"],
    ["colour", undefined],
    ["", undefined],
    ["x", undefined],
  ];
  for (const [given, meant] of cases) {
    it(`takes ${JSON.stringify(given)} for ${meant ?? "nothing"}`, () => {
      assert.equal(nearest(given, known), meant);
    });
  }

  it("is quick for a long text", () => {
    assert.equal(nearest("x".repeat(1_000_000), known), undefined);
  });
});

describe("distance", () => {
  const word = fc.string({ maxLength: 12 });

  it("counts one for an insertion, a deletion, a replacement and a swap", () => {
    for (const other of ["ports", "por", "part", "prot"]) assert.equal(distance("port", other), 1);
    assert.equal(distance("port", "port"), 0);
    assert.equal(distance("", "port"), 4);
  });

  it("is the same both ways, and never more than the longer text", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        assert.equal(distance(a, b), distance(b, a));
        assert.ok(distance(a, b) <= Math.max(a.length, b.length));
        assert.equal(distance(a, b) === 0, a === b);
      }),
    );
  });
});
