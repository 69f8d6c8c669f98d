import assert from "node:assert/strict";
import { counted } from "../../contract/counted";

describe("a count of something", () => {
  it("is of one, or of several", () => {
    const files = [0, 1, 2].map((count) => counted(count, "file"));
    assert.deepEqual(files, ["0 files", "1 file", "2 files"]);
    assert.deepEqual(
      [1, 60].map((count) => counted(count, "entry", "entries")),
      ["1 entry", "60 entries"],
    );
  });
});
