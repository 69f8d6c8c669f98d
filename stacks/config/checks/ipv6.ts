import { tasksNeedPublicIp } from "../../../components/network/taskPlacement";
import { everyIpv4, everyIpv6, isIpv6Network } from "../../../components/service/clients";
import type { Check, Report } from "../checks";
import type { EnvironmentConfig } from "../types";

/** What a load balancer with IPv6 addresses stands on, and whom it lets in. */
export const checkIpv6: Check = (config, report) => {
  const { loadBalancer, network } = config;
  if (network.mode === "create" && network.ipv6 && tasksNeedPublicIp(network)) {
    report({
      path: ["network", "ipv6"],
      allowed:
        "false where tasks run in the public subnets: they would get IPv6 addresses too, by which nothing lets them out",
      fix: "set network.nat: single, or remove ipv6",
      reads: [["network"]],
    });
  }
  if (loadBalancer.ipv6) checkOn(config, report);
  else checkOff(config, report);
};

function checkOn({ loadBalancer, network }: EnvironmentConfig, report: Report) {
  const { allowedCidrs, allowedPrefixLists, internal } = loadBalancer;
  const path = ["loadBalancer", "ipv6"];
  if (internal) {
    report({
      path,
      allowed:
        "false for an internal load balancer: tasks and private subnets have IPv4 addresses alone",
      fix: "remove ipv6",
      reads: [["loadBalancer", "internal"]],
    });
  } else if (network.mode === "create" && !network.ipv6) {
    report({
      path,
      allowed: "false where the network has no IPv6 addresses",
      fix: "set network.ipv6: true as well",
      reads: [["network"]],
    });
  } else if (allowedPrefixLists.length === 0 && !allowedCidrs.some(isIpv6Network)) {
    report({
      path: ["loadBalancer", "allowedCidrs"],
      whole: true,
      given: "networks of IPv4 alone",
      allowed:
        "IPv6 networks as well where ipv6 is on: who finds an address that does not answer waits",
      fix: `add ${allowedCidrs.includes(everyIpv4) ? everyIpv6 : "IPv6 networks such as 2001:db8::/32"}, or remove ipv6`,
      reads: [["loadBalancer", "ipv6"]],
    });
  }
}

function checkOff({ loadBalancer: { allowedCidrs, internal } }: EnvironmentConfig, report: Report) {
  allowedCidrs.forEach((cidr, index) => {
    if (!isIpv6Network(cidr)) return;
    report({
      path: ["loadBalancer", "allowedCidrs", index],
      allowed: `IPv4 networks: ${internal ? "an internal" : "the"} load balancer has IPv4 addresses alone`,
      fix: internal ? `remove ${cidr}` : "set loadBalancer.ipv6: true, or remove it",
      reads: [
        ["loadBalancer", "ipv6"],
        ["loadBalancer", "internal"],
      ],
    });
  });
}
