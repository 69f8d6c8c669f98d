import assert from "node:assert/strict";
import { LoadBalancer, Service, type LoadBalancerArgs } from "../../../components";
import { record } from "../../support/record";
import { network as both, types, web } from "./support";

const network = { ...both, privateSubnetIds: ["subnet-private1", "subnet-private2"] };
const domain = { name: "admin.example.com", zone: "example.com" };

const internal = (more: Partial<LoadBalancerArgs> = {}) =>
  record(() => new LoadBalancer("shop-internal", { network, internal: true, ...more }));

describe("an internal LoadBalancer", () => {
  it("lets in private addresses alone where it names nobody", async () => {
    const { all } = await internal();
    assert.deepEqual(
      all(types.ingress).map(({ inputs }) => inputs.cidrIpv4),
      ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"],
    );
    const { all: named } = await internal({ allowedCidrs: ["198.51.100.0/24"] });
    assert.deepEqual(
      named(types.ingress).map(({ inputs }) => inputs.cidrIpv4),
      ["198.51.100.0/24"],
    );
  });

  it("is in the private subnets, and has no public address", async () => {
    const { one, value } = await internal();
    const { inputs } = one(types.loadBalancer);
    assert.deepEqual([inputs.internal, inputs.subnets], [true, network.privateSubnetIds]);
    assert.equal(value.isInternal, true);
  });

  it("is refused without private subnets", async () => {
    await assert.rejects(
      internal({ network: both }),
      /network\.privateSubnetIds: given "nothing"; allowed: subnets of at least two zones/,
    );
  });

  it("takes over the records of its sibling, whose names they prove and lead to", async () => {
    const aliasesOf = async (sibling?: string) =>
      (await internal({ domain, sibling }))
        .all(types.dnsRecord)
        .map(({ options }) => options.aliases);
    const [proof, alias] = await aliasesOf("shop");
    assert.match(JSON.stringify(proof), /shop-proof-admin\.example\.com/);
    assert.match(JSON.stringify(alias), /shop-alias-admin\.example\.com/);
    assert.deepEqual(await aliasesOf(), [[], []]);
  });

  it("leads to groups and by rules that another load balancer's do not meet", async () => {
    const namesOf = async (isInternal: boolean) => {
      const { all, one } = await record(() => {
        const loadBalancer = new LoadBalancer("shop", { network, internal: isInternal });
        return new Service("web", web({ loadBalancer }));
      });
      const opened = [...all(types.ingress), ...all(types.egress)].map(({ name }) => name);
      return [one(types.targetGroup).name, ...opened.filter((name) => name.startsWith("web-"))];
    };
    const [outside, inside] = [await namesOf(false), await namesOf(true)];
    assert.deepEqual(outside, ["web", "web-fromLoadBalancer", "web-tasksOut", "web-toTasks"]);
    assert.deepEqual(inside, [
      ...["web-internal", "web-fromLoadBalancer-internal", "web-tasksOut", "web-toTasks-internal"],
    ]);
  });
});
