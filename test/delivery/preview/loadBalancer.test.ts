import assert from "node:assert/strict";
import { stackChanges } from "../../../delivery/preview/report";
import { aChange, texts } from "./support";

describe("a preview's warnings of a firewall", () => {
  const type = "aws:wafv2/webAclAssociation:WebAclAssociation";
  const warned = (op: "delete" | "replace") =>
    texts(stackChanges([aChange(op, type, "shop-firewall")]).warnings);

  it("say when requests are not filtered", () => {
    assert.deepEqual(warned("delete"), [
      "shop-firewall is deleted: requests are not filtered any more",
    ]);
    assert.deepEqual(warned("replace"), [
      "shop-firewall is replaced: requests are not filtered until the new one is there",
    ]);
  });
});
