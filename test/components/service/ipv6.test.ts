import assert from "node:assert/strict";
import { LoadBalancer, type LoadBalancerArgs } from "../../../components";
import { record } from "../../support/record";
import { network as both, types } from "./support";

const network = { ...both, privateSubnetIds: ["subnet-private1", "subnet-private2"] };

const made = (more: Partial<LoadBalancerArgs> = {}) =>
  record(() => new LoadBalancer("shop", { network, ipv6: true, ...more }));

const clientsOf = async (more: Partial<LoadBalancerArgs>) =>
  (await made(more))
    .all(types.ingress)
    .map(({ name, inputs }) => [name, inputs.cidrIpv6 ?? inputs.cidrIpv4]);

describe("a LoadBalancer with IPv6", () => {
  it("has addresses of both, and takes connections from everybody by each", async () => {
    const { one } = await made();
    assert.equal(one(types.loadBalancer).inputs.ipAddressType, "dualstack");
    assert.deepEqual(await clientsOf({}), [
      ["shop-from-0.0.0.0/0-80", "0.0.0.0/0"],
      ["shop-from-__/0-80", "::/0"],
    ]);
  });

  it("is found by records of both, for every name", async () => {
    const domain = {
      ...{ name: "shop.example.com", zone: "example.com" },
      alternativeNames: ["api.example.com"],
    };
    const { all } = await made({ domain });
    const records = all(types.dnsRecord).filter(({ name }) => name.includes("-alias"));
    assert.deepEqual(
      records.map(({ inputs }) => [inputs.name, inputs.type]),
      ["shop.example.com", "api.example.com"].flatMap((name) => [
        [name, "A"],
        [name, "AAAA"],
      ]),
    );
    assert.deepEqual(records[0].inputs.aliases, records[1].inputs.aliases);
  });

  it("lets in the networks of both that it is told", async () => {
    assert.deepEqual(await clientsOf({ allowedCidrs: ["203.0.113.0/24", "2001:db8::/32"] }), [
      ["shop-from-203.0.113.0/24-80", "203.0.113.0/24"],
      ["shop-from-2001_db8__/32-80", "2001:db8::/32"],
    ]);
  });

  it("lets in private addresses of both alone where it is internal", async () => {
    const clients = (await clientsOf({ internal: true })).map(([, cidr]) => cidr);
    assert.equal(clients.length, 5);
    assert.ok(clients.includes("fc00::/7") && clients.includes("10.0.0.0/8"));
  });
});
