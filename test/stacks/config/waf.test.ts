import assert from "node:assert/strict";
import { checkFaults, parse, services, type Values } from "./support";

const webAclArn =
  "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/acme/0a1b2c3d-0000-4000-8000-000000000000";

const firewall = (waf: unknown): Values => ({ services, loadBalancer: { waf } });

describe("loadBalancer.waf", () => {
  const read = (values: Values) => parse(values, { region: "eu-west-1" }).loadBalancer.waf;

  it("is none where config says nothing", () => {
    assert.equal(read({ services }), undefined);
  });

  it("is AWS's managed rules by one word, or with other numbers", () => {
    const managed = { requestsPerIp: 2000, countOnly: ["SizeRestrictions_BODY"] };
    assert.deepEqual(read(firewall("managed")), managed);
    assert.deepEqual(read(firewall({})), managed);
    assert.deepEqual(read(firewall({ requestsPerIp: 500, countOnly: [] })), {
      ...{ requestsPerIp: 500, countOnly: [] },
    });
  });

  it("is a web ACL that is there", () => {
    assert.deepEqual(read(firewall({ webAclArn })), { webAclArn });
  });

  checkFaults("gantry:loadBalancer", ({ waf, ...more }) => ({ ...firewall(waf), ...more }), [
    ["it is another word", { waf: "on" }, "waf", "write managed"],
    [
      "the rate is too low",
      { waf: { requestsPerIp: 5 } },
      "waf.requestsPerIp",
      "set requestsPerIp: 10",
    ],
    [
      "a rule is misspelt",
      { waf: { countOnly: ["NoUserAgent_HEADR"] } },
      "waf.countOnly[0]",
      "write NoUserAgent_HEADER",
    ],
    [
      "an ARN is CloudFront's",
      { waf: { webAclArn: webAclArn.replace("regional", "global") } },
      "waf.webAclArn",
      "copy the ARN from AWS WAF, arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>",
    ],
    [
      "a web ACL that is there has rules of Gantry's",
      { waf: { webAclArn, requestsPerIp: 500 } },
      "waf.requestsPerIp",
      "remove requestsPerIp, or set no webAclArn: one that is there has its own rules",
    ],
    [
      "a web ACL is of another region",
      { waf: { webAclArn: webAclArn.replace("eu-west-1", "us-east-1") } },
      "waf.webAclArn",
      "make the web ACL in eu-west-1 and give its ARN",
      { region: "eu-west-1" },
    ],
    [
      "the load balancer is internal",
      { loadBalancer: { internal: true, waf: "managed" } },
      "waf",
      "remove waf, or internal",
    ],
  ]);
});
