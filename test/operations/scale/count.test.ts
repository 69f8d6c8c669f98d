import assert from "node:assert/strict";
import { DeliveryError } from "../../../delivery/errors";
import { countText, parseCount, within } from "../../../operations/scale/count";

describe("a number of tasks", () => {
  it("is one, or the least and the most", () => {
    const read = ["0", " 3 ", "2-6", "4-4", "1-1000"].map(parseCount);
    assert.deepEqual(
      read.map(({ min, max }) => [min, max]),
      [
        [0, 0],
        [3, 3],
        [2, 6],
        [4, 4],
        [1, 1000],
      ],
    );
    assert.deepEqual(read.map(countText), ["0", "3", "2 to 6", "4", "1 to 1000"]);
  });

  for (const text of ["", "-1", "1.5", "many", "6-2", "2-", "2..6", "1001", "1-2-3", "0x10"]) {
    it(`is not ${text || "nothing"}`, () => {
      assert.throws(
        () => parseCount(text),
        (error: Error) =>
          error instanceof DeliveryError &&
          /is no number of tasks: .*at most 1000/.test(error.message),
      );
    });
  }

  it("leaves a service between its limits alone", () => {
    const limits = { min: 2, max: 6 };
    assert.deepEqual(
      [0, 2, 4, 6, 9].map((tasks) => within(limits, tasks)),
      [2, 2, 4, 6, 6],
    );
  });
});
