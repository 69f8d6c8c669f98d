import assert from "node:assert/strict";
import { checkFaults, parse, services, type Values } from "./support";

const network = { ipv6: true };
const on = { ipv6: true };

describe("loadBalancer.ipv6", () => {
  const clients = (loadBalancer: Values) =>
    parse({ services, network, loadBalancer }).loadBalancer.allowedCidrs;

  it("lets in everybody by IPv6 too, where config names nobody", () => {
    assert.deepEqual(clients(on), ["0.0.0.0/0", "::/0"]);
    assert.deepEqual(clients({ ...on, allowedPrefixLists: ["pl-0a1b2c3d4e5f60718"] }), []);
  });

  it("lets in networks as AWS writes them", () => {
    const networks = ["203.0.113.0/24", "2001:db8::/32", "2001:db9:0:1::/64", "2001:dba::1/128"];
    assert.deepEqual(clients({ ...on, allowedCidrs: networks }), networks);
  });

  it("needs nothing of a network that exists, which is asked", () => {
    parse({ services, network: { mode: "existing" }, loadBalancer: on });
  });

  const allowed = (...allowedCidrs: string[]) => ({
    ...{ services, network },
    loadBalancer: { ...on, allowedCidrs },
  });
  const path = "loadBalancer.allowedCidrs[0]";
  checkFaults("gantry", (values) => values, [
    ["an address is no network", allowed("2001:db8::7"), path, "write 2001:db8::7/128"],
    ["an address is within one", allowed("2001:db8::7/32"), path, "write 2001:db8::/32"],
    [
      "a network is written as AWS writes none",
      allowed("2001:0DB8:0:0::/64"),
      path,
      "write 2001:db8::/64",
    ],
    ["a prefix is too long", allowed("2001:db8::/129"), path, "write it as 2001:db8::/32"],
    ["a text is none", allowed("2001:db8::zz/64"), path, "write it as 2001:db8::/32"],
    [
      "one network contains another",
      allowed("2001:db8:1::/48", "203.0.113.0/24", "2001:db8::/32"),
      "loadBalancer.allowedCidrs[2]",
      "remove 2001:db8:1::/48, which the other contains",
    ],
    [
      "nobody may connect by it",
      allowed("203.0.113.0/24"),
      "loadBalancer.allowedCidrs",
      "add IPv6 networks such as 2001:db8::/32, or remove ipv6",
    ],
    [
      "everybody may connect by IPv4 alone",
      allowed("0.0.0.0/0"),
      "loadBalancer.allowedCidrs",
      "add ::/0, or remove ipv6",
    ],
    [
      "an internal load balancer has none",
      { services, loadBalancer: { internal: true, allowedCidrs: ["fd00::/8"] } },
      path,
      "remove fd00::/8",
    ],
    [
      "the load balancer has none",
      { services, loadBalancer: { allowedCidrs: ["2001:db8::/32"] } },
      path,
      "set loadBalancer.ipv6: true, or remove it",
    ],
    [
      "the network has none",
      { services, loadBalancer: on },
      "loadBalancer.ipv6",
      "set network.ipv6: true as well",
    ],
    [
      "the load balancer is internal",
      { services, network, loadBalancer: { ...on, internal: true } },
      "loadBalancer.ipv6",
      "remove ipv6",
    ],
    [
      "tasks would get addresses too",
      { services, network: { ...network, nat: "none" }, loadBalancer: on },
      "network.ipv6",
      "set network.nat: single, or remove ipv6",
    ],
    [
      "everybody may connect by it, beside a prefix list",
      {
        ...{ services, network },
        loadBalancer: {
          ...{ ...on, allowedCidrs: ["::/0"] },
          allowedPrefixLists: ["pl-0a1b2c3d4e5f60718"],
        },
      },
      "loadBalancer.allowedPrefixLists",
      "remove ::/0 from allowedCidrs, or remove allowedPrefixLists",
    ],
  ]);
});
