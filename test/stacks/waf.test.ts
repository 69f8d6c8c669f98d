import assert from "node:assert/strict";
import type { Values } from "./config/support";
import { environment } from "./support";

const types = {
  webAcl: "aws:wafv2/webAcl:WebAcl",
  association: "aws:wafv2/webAclAssociation:WebAclAssociation",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
} as const;

const services = {
  web: { build: "app" },
  admin: { build: "app", route: { internal: true, hosts: ["admin.example.com"] } },
};

const made = (waf: unknown, more: Values = {}) =>
  environment({ loadBalancer: { waf }, services, ...more }, { stack: "production" });

describe("a web application firewall", () => {
  it("is before the load balancer that faces the internet, and keeps its log as long as others", async () => {
    const { one } = await made("managed");
    const { inputs, options } = one(types.association);
    assert.match(String(inputs.resourceArn), /shop-production-1a2b3c4$/);
    assert.match(String(inputs.webAclArn), /shop--production-web-acl/);
    assert.equal(options.deleteBeforeReplace, true);
    assert.equal(one(types.logGroup, "aws-waf-logs-shop--production").inputs.retentionInDays, 365);
  });

  it("may be there already", async () => {
    const webAclArn =
      "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/acme/0a1b2c3d-0000-4000-8000-000000000000";
    const { all, one } = await made({ webAclArn });
    assert.deepEqual(all(types.webAcl), []);
    assert.equal(one(types.association).inputs.webAclArn, webAclArn);
  });

  it("is none where config has none, or nothing faces the internet", async () => {
    const { admin } = services;
    for (const stack of [await made(undefined), await made("managed", { services: { admin } })]) {
      assert.deepEqual([...stack.all(types.webAcl), ...stack.all(types.association)], []);
    }
  });
});
