import assert from "node:assert/strict";
import { commitOfTag } from "../../contract/imageTags";

describe("the commit of a tag", () => {
  for (const [tag, commit] of [
    ["3f9c2a1b", "3f9c2a1b"],
    ["3f9c2a1b-api", "3f9c2a1b"],
    ["3f9c2a1b-order-mailer", "3f9c2a1b"],
    ["src-0123456789abcdef", undefined],
    ["staging-17", undefined],
    ["deadbeef-17", undefined],
    ["3f9c2a1b0", undefined],
    ["bootstrap-0123456789ab", undefined],
  ] as const) {
    it(`is ${commit ?? "none"} of ${tag}`, () => assert.equal(commitOfTag(tag), commit));
  }
});
