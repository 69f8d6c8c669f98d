import assert from "node:assert/strict";
import { dnsCheck } from "../../../operations/doctor/checks/dns";
import { aContext, aTarget, denied, diagnose, told } from "./support";

const balancer = "shop-1.eu-west-1.elb.amazonaws.com";

describe("the check of the DNS", () => {
  const domain = { name: "shop.example.com", zone: "example.com" };
  const target = aTarget({ "gantry:loadBalancer": { domain } });
  const zones = {
    HostedZones: [{ Id: "Z1", Name: "example.com.", Config: { PrivateZone: false } }],
  };
  const all = {
    listed: zones as unknown,
    servers: ["NS-1.awsdns.com"] as readonly string[],
    hosts: { "shop.example.com": ["203.0.113.7"], [balancer]: ["203.0.113.7"] } as Record<
      string,
      string[]
    >,
  };
  const found = (given: Partial<typeof all> = {}) => {
    const { listed, servers, hosts } = { ...all, ...given };
    return diagnose(
      dnsCheck,
      aContext({
        target,
        loadBalancers: () => Promise.resolve([{ DNSName: balancer }]),
        resolver: {
          addresses: (name) => Promise.resolve(Object.hasOwn(hosts, name) ? hosts[name] : []),
          nameServers: () => Promise.resolve(servers),
        },
        answers: {
          route53: {
            ListHostedZonesByName: listed,
            GetHostedZone: { DelegationSet: { NameServers: ["ns-1.awsdns.com."] } },
          },
        },
      }),
    );
  };

  it("is well where the names lead to the load balancer", async () => {
    const result = await found();
    assert.deepEqual([result.well, told(result)], ["1 name to the load balancer", []]);
    assert.equal((await diagnose(dnsCheck, aContext())).well, "no domain is configured");
  });

  it("finds a zone that nothing leads to, or others' servers, with those to name", async () => {
    const nothing = await found({ servers: [] });
    assert.match(told(nothing).join(), /^error example\.com: nothing leads to the zone/);
    assert.match(nothing.findings?.[0].fix ?? "", /: ns-1\.awsdns\.com$/);
    const others = await found({ servers: ["ns.registrar.example"] });
    assert.match(told(others).join(), /the world is sent to ns\.registrar\.example/);
  });

  it("finds no zone in a private one", async () => {
    const Config = { PrivateZone: true };
    const listed = { HostedZones: [{ Id: "Z1", Name: "example.com.", Config }] };
    assert.match(told(await found({ listed })).join(), /^error example\.com: .* no public zone/);
  });

  it("finds a name that the DNS does not know, and warns of one that leads elsewhere", async () => {
    const unknown = await found({ hosts: { [balancer]: ["203.0.113.7"] } });
    assert.match(told(unknown).join(), /^error shop\.example\.com: the DNS does not know/);
    const elsewhere = { ...all.hosts, "shop.example.com": ["198.51.100.1"] };
    assert.match(
      told(await found({ hosts: elsewhere })).join(),
      /^warning shop\.example\.com: it leads to 198\.51\.100\.1/,
    );
  });

  it("looks at names where it may not see zones", async () => {
    const result = await found({
      listed: denied("route53:ListHostedZonesByName"),
      hosts: { [balancer]: ["203.0.113.7"] },
    });
    assert.match(
      told(result).join("\n"),
      /^error shop.*\nunchecked the zone example\.com: .*route53:ListHostedZonesByName$/,
    );
  });
});
