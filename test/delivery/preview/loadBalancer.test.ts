import assert from "node:assert/strict";
import { stackChanges } from "../../../delivery/preview/report";
import { aChange, texts } from "./support";

describe("a preview's warnings of access logs", () => {
  const logs = (enabled: boolean) => ({ accessLogs: { bucket: "acme-logs", enabled } });
  const warned = (before: object, after: object) => {
    const type = "aws:lb/loadBalancer:LoadBalancer";
    return texts(
      stackChanges([aChange("update", type, "shop", { ...before }, { ...after })]).warnings,
    );
  };

  it("say when they end", () => {
    assert.deepEqual(warned(logs(true), logs(false)), ["shop logs no requests any more"]);
    assert.deepEqual(warned(logs(true), {}), ["shop logs no requests any more"]);
    assert.deepEqual(warned(logs(true), logs(true)), []);
    assert.deepEqual(warned({}, logs(false)), []);
  });
});

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
