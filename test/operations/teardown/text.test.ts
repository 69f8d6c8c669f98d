import assert from "node:assert/strict";
import { isOfAnother } from "../../../operations/teardown/text";

describe("an environment that is to be destroyed", () => {
  const cluster = (account: string) => `arn:aws:ecs:eu-west-1:${account}:cluster/shop--staging`;
  const judged = (...ids: readonly string[]) =>
    isOfAnother(
      { stack: "staging" },
      { ids: Object.fromEntries(ids.map((id, index) => [`urn:${index}`, id])) },
      "123456789012",
    )?.message;

  it("is refused with credentials of another account, in which nothing of it would be found", () => {
    assert.match(
      judged("shop--staging-role", cluster("210987654321")) ?? "",
      /is in account 210987654321, and these credentials are of 123456789012\. Nothing was deleted/,
    );
  });

  for (const [what, ids] of Object.entries({
    "what it has is of the account": ["sg-1", cluster("123456789012")],
    "a part of it is, beside another account's": [cluster("210987654321"), cluster("123456789012")],
    "nothing tells whose it is": ["sg-1", "arn:aws:s3:::shop", "arn:aws:iam::aws:policy/X"],
    "it has nothing": [],
  })) {
    it(`is not where ${what}`, () => assert.equal(judged(...ids), undefined));
  }
});
