import assert from "node:assert/strict";
import {
  ExistingLoadBalancer,
  Service,
  type ExistingLoadBalancerArgs,
  type FoundLoadBalancer,
} from "../../../components";
import { record } from "../../support/record";
import { sharedArn, sharedListenerArn, sharedLoadBalancer } from "./existing";
import { types, web } from "./support";

const hosts = ["shop.example.com"];
const domain = { name: "shop.example.com", zone: "example.com" };
const id = "0a1b2c3d4e5f6071";

const behind = (
  found: Partial<FoundLoadBalancer> = {},
  more: Omit<ExistingLoadBalancerArgs, "found"> = {},
) =>
  record(() => {
    const args = { found: sharedLoadBalancer(found), ...more };
    return new Service(
      "web",
      web({ loadBalancer: new ExistingLoadBalancer("shop", args), route: { hosts } }),
    );
  });

describe("an ExistingLoadBalancer", () => {
  it("gets a target group and rules on its listener, and nothing else of it is made", async () => {
    const { all, one, value } = await behind();
    assert.equal(all(types.loadBalancer).length, 0);
    assert.equal(all("aws:lb/listener:Listener").length, 0);
    assert.equal(one(types.targetGroup).name, `web-${id}`);
    const rules = all(types.rule);
    assert.equal(rules.length, 2);
    for (const { name, inputs } of rules) {
      assert.equal(name, `shop-${id}-rule-${Number(inputs.priority)}`);
      assert.equal(inputs.listenerArn, sharedListenerArn);
    }
    value.url?.apply((url) => assert.equal(url, "https://shop.example.com"));
  });

  it("is let in by the tasks, and let out to them by its own security group", async () => {
    const { one } = await behind();
    const inward = one(types.ingress, "web-fromLoadBalancer-sg-0shared").inputs;
    assert.equal(inward.referencedSecurityGroupId, "sg-0shared");
    const outward = one(types.egress, "web-toTasks-sg-0shared").inputs;
    assert.equal(outward.securityGroupId, "sg-0shared");
    assert.equal(outward.referencedSecurityGroupId, inward.securityGroupId);
  });

  it("has records of IPv6 where it has such addresses", async () => {
    const { all } = await behind({ hasIpv6: true }, { domain });
    const hosts = (type: string) =>
      all(types.dnsRecord)
        .filter(({ inputs }) => inputs.type === type)
        .map(({ inputs }) => inputs.name);
    assert.deepEqual(hosts("AAAA"), hosts("A"));
    assert.equal(hosts("AAAA").length, 1);
  });

  it("has records of domains, and certificates beside its own", async () => {
    const { all, one } = await behind({}, { domain });
    const { inputs } = one("aws:lb/listenerCertificate:ListenerCertificate");
    assert.equal(inputs.listenerArn, sharedListenerArn);
    assert.ok(all(types.dnsRecord).every(({ inputs }) => inputs.type !== "AAAA"));
    const alias = all(types.dnsRecord).find(({ name }) => name.startsWith("shop-alias-"));
    assert.deepEqual(alias?.inputs.aliases, [
      {
        name: "shared-1.eu-west-1.elb.amazonaws.com",
        zoneId: "Z32O12XQLNTSW2",
        evaluateTargetHealth: true,
      },
    ]);
  });

  const found = sharedLoadBalancer();
  const { listener } = found;
  for (const [what, given, more, fault] of [
    ["a Network Load Balancer", { arnSuffix: "net/shared/1" }, {}, /arn: .* has security groups/],
    ["one without security groups", { securityGroupIds: [] }, {}, /arn: .* has security groups/],
    [
      "a listener of another one",
      { listener: { ...listener, arn: listener.arn.replace("shared", "other") } },
      {},
      /listenerArn: .*; allowed: a listener of the load balancer; name one of its own/,
    ],
    [
      "a listener on another port",
      { listener: { ...listener, port: 8443 } },
      {},
      /listenerArn: given "HTTPS on 8443"; allowed: HTTPS on 443 or HTTP on 80/,
    ],
    [
      "a domain without HTTPS",
      { listener: { ...listener, port: 80, protocol: "HTTP" } },
      { domain },
      /listenerArn: given "HTTP"; allowed: HTTPS where domains or certificates are named/,
    ],
  ] as const) {
    it(`is refused as ${what}`, async () => {
      await assert.rejects(behind(given, more), fault);
    });
  }

  it("is looked up with the listener that is named, or the one on 443", async () => {
    const asked: unknown[] = [];
    const calls = {
      "aws:lb/getLoadBalancer:getLoadBalancer": () => ({
        ...{ arnSuffix: found.arnSuffix, dnsName: found.dnsName, zoneId: found.zoneId },
        ...{ vpcId: "vpc-1", internal: true, securityGroups: ["sg-2", "sg-1"] },
        ipAddressType: "dualstack",
      }),
      "aws:lb/getListener:getListener": (inputs: object) => {
        asked.push(inputs);
        return listener;
      },
    };
    const look = (listenerArn?: string) =>
      record(() => ExistingLoadBalancer.find({ arn: sharedArn, listenerArn }), { calls });
    const { value } = await look();
    assert.deepEqual(value, {
      ...found,
      isInternal: true,
      hasIpv6: true,
      securityGroupIds: ["sg-1", "sg-2"],
    });
    await look(sharedListenerArn);
    assert.deepEqual(asked, [
      { loadBalancerArn: sharedArn, port: 443 },
      { arn: sharedListenerArn },
    ]);
  });
});
