import assert from "node:assert/strict";
import { allFindings } from "../../policy/findings";
import type { Resource } from "../../policy/rule";
import { defaultSettings } from "../../policy/settings";
import { Stack } from "../../policy/stack";
import { at, isEmpty, isOff, items, json, notKnown, plain } from "../../policy/values";

const urn = (type: string, name: string) => `urn:pulumi:production::shop::${type}::${name}`;

function resource(type: string, name: string, more: Partial<Resource>): Resource {
  const common = { type, name, urn: urn(type, name), protect: true, madeOf: {} };
  return { ...common, properties: {}, outputs: {}, ...more };
}

function rulesOf(name: string, ...resources: readonly Resource[]): readonly string[] {
  return allFindings(new Stack(resources), defaultSettings)
    .filter((finding) => finding.urn.endsWith(`::${name}`))
    .map(({ rule }) => rule);
}

const listener = "aws:lb/listener:Listener";
const balancer = "aws:lb/loadBalancer:LoadBalancer";

describe("what a preview does not know", () => {
  it("is no fault of a switch, a list or a JSON text", () => {
    assert.equal(isOff(notKnown), false);
    assert.equal(isEmpty(notKnown), false);
    assert.deepEqual(items(notKnown), []);
    assert.equal(json(notKnown), undefined);
    assert.equal(at({ logging: notKnown }, "logging", "enabled"), notKnown);
  });

  it("stands in a copy where reading throws, and what is beside it stays", () => {
    const given = {
      tags: { team: "shop" },
      get arn(): string {
        throw new Error("string value at .arn can't be known during preview");
      },
    };
    assert.deepEqual(plain({ given: [given] }), {
      given: [{ tags: { team: "shop" }, arn: notKnown }],
    });
  });

  it("is no port that is open, and none that is not", () => {
    const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    const open = { ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0", toPort: 22, description: "ssh" };
    const known = resource(rule, "ssh", { properties: { ...open, fromPort: 22 } });
    assert.deepEqual(rulesOf("ssh", known), ["ec2-open-ingress"]);
    const unknown = resource(rule, "ssh", { properties: { ...open, fromPort: notKnown } });
    assert.deepEqual(rulesOf("ssh", unknown), []);
  });

  it("is not the same as something else that is not known", () => {
    const inner = resource(balancer, "inner", {
      properties: { internal: true },
      outputs: { arn: notKnown },
    });
    const outer = resource(balancer, "outer", { outputs: { arn: notKnown } });
    const properties = {
      protocol: "HTTP",
      defaultActions: [{ type: "forward" }],
      loadBalancerArn: notKnown,
    };
    const listenerOf = ({ urn: of }: Resource) =>
      resource(listener, "http", { properties, madeOf: { loadBalancerArn: [of] } });
    assert.deepEqual(rulesOf("http", inner, outer, listenerOf(outer)), ["elb-plain-http"]);
    assert.deepEqual(rulesOf("http", inner, outer, listenerOf(inner)), []);
  });

  it("may be the bucket that a policy is about, where it comes from no bucket of the stack", () => {
    const bucket = resource("aws:s3/bucket:Bucket", "assets", {});
    const about = (madeOf: Resource["madeOf"]) =>
      resource("aws:s3/bucketPolicy:BucketPolicy", "policy", {
        properties: { bucket: notKnown, policy: "{}" },
        madeOf,
      });
    const other = resource("aws:s3/bucket:Bucket", "other", {});
    const judged = (policy: Resource) =>
      rulesOf("assets", bucket, other, policy).includes("s3-tls-only");
    assert.equal(judged(about({})), false, "an id from a component, say");
    assert.equal(judged(about({ bucket: [other.urn] })), true);
    assert.equal(judged(about({ bucket: [bucket.urn] })), true, "it is, and denies nothing");
  });
});
