import assert from "node:assert/strict";
import { checkFaults, parse, services, type Values } from "./support";

const id = "pl-0a1b2c3d4e5f60718";
const clients = (loadBalancer: Values): Values => ({ services, loadBalancer });
const domain = { name: "shop.example.com", zone: "example.com" };

describe("loadBalancer.allowedPrefixLists", () => {
  const read = (loadBalancer: Values) => {
    const { allowedCidrs, allowedPrefixLists } = parse(clients(loadBalancer)).loadBalancer;
    return [allowedCidrs, allowedPrefixLists];
  };

  it("are none, and everybody may connect, where config says nothing", () => {
    assert.deepEqual(read({}), [["0.0.0.0/0"], []]);
  });

  it("leave an internal load balancer to private addresses, and itself where there are some", () => {
    const networks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
    assert.deepEqual(read({ internal: true }), [networks, []]);
    assert.deepEqual(read({ internal: true, allowedPrefixLists: [id] })[0], []);
    assert.deepEqual(read({ internal: true, allowedCidrs: ["0.0.0.0/0"] })[0], ["0.0.0.0/0"]);
  });

  it("keep everybody else out but those that config names", () => {
    assert.deepEqual(read({ allowedPrefixLists: [id] }), [[], [{ id, maxEntries: 1 }]]);
    const office = { allowedCidrs: ["203.0.113.0/24"] };
    assert.deepEqual(read({ ...office, allowedPrefixLists: [{ id, maxEntries: 20 }] }), [
      ...[["203.0.113.0/24"], [{ id, maxEntries: 20 }]],
    ]);
  });

  it("take as many rules as they may have entries", () => {
    parse(clients({ allowedPrefixLists: [{ id, maxEntries: 55 }] }));
    parse(clients({ domain, allowedPrefixLists: [{ id, maxEntries: 30 }] }));
    parse({
      ...clients({ domain, allowedPrefixLists: [{ id, maxEntries: 55 }] }),
      quotas: { rulesPerSecurityGroup: 120 },
    });
  });

  checkFaults("gantry:loadBalancer", clients, [
    [
      "an id is none",
      { allowedPrefixLists: ["com.amazonaws.global.cloudfront.origin-facing"] },
      "allowedPrefixLists[0]",
      "write the id that the VPC console shows, pl- and 17 hexadecimal digits",
    ],
    [
      "a list stands there twice",
      { allowedPrefixLists: [id, { id, maxEntries: 2 }] },
      "allowedPrefixLists[1]",
      `remove one ${id}`,
    ],
    [
      "a list is beside everybody",
      { allowedCidrs: ["0.0.0.0/0"], allowedPrefixLists: [id] },
      "allowedPrefixLists",
      "remove 0.0.0.0/0 from allowedCidrs, or remove allowedPrefixLists",
    ],
    [
      "entries and networks take more rules than a security group has, for HTTP and HTTPS",
      {
        ...{ domain, allowedCidrs: ["203.0.113.0/24"] },
        allowedPrefixLists: [{ id, maxEntries: 30 }],
      },
      "allowedPrefixLists",
      "name fewer, or set quotas.rulesPerSecurityGroup to what AWS has granted",
    ],
  ]);
});
