import { counted } from "../../../contract/counted";
import { isIpv6Network } from "../../../components/service/clients";
import { routeRules } from "../../../components/service/routeRules";
import type { Check, Report } from "../checks";
import { cited, quotas as starting } from "../limits";
import type { EnvironmentConfig } from "../types";
import { isSecure, servicesOf, sides, type Side } from "../sides";
import { verifiesByNat } from "../verification";

/** What grows with clients and web services: rules of the load balancer and of its security group. */
export const checkRules: Check = (config, report) => {
  checkClients(config, report);
  for (const side of sides) checkServices(side, config, report);
};

function checkClients(config: EnvironmentConfig, report: Report) {
  const { loadBalancer, quotas } = config;
  const { allowedCidrs, allowedPrefixLists } = loadBalancer;
  const ports = isSecure("main", config) ? 2 : 1;
  const entries = allowedPrefixLists.reduce((sum, { maxEntries }) => sum + maxEntries, 0);
  const ofIpv6 = allowedCidrs.filter(isIpv6Network).length;
  const addresses = verifierCount(config);
  // AWS counts IPv4 and IPv6 apart ("Amazon VPC quotas"); which of them a prefix list has, its id does not tell.
  const families = [
    { named: allowedCidrs.length - ofIpv6, verifiers: addresses, kind: ofIpv6 > 0 ? "IPv4 " : "" },
    { named: ofIpv6, verifiers: 0, kind: "IPv6 " },
  ];
  const room = Math.floor(quotas.rulesPerSecurityGroup / ports);
  const full = families.find(({ named, verifiers }) => named + entries + verifiers > room);
  if (full === undefined) return;
  const { named, verifiers, kind } = full;
  const most = Math.max(0, room - verifiers);
  const each = ports === 1 ? "each is one" : "each is two, for HTTP and HTTPS,";
  const beside =
    verifiers > 0 ? `, beside ${verifiers} of NAT gateways, from which verification comes` : "";
  const listed = entries > 0 ? ` and ${counted(entries, "entry", "entries")} of prefix lists` : "";
  report({
    path: ["loadBalancer", entries > 0 ? "allowedPrefixLists" : "allowedCidrs"],
    given: `${counted(named, `${kind}network`)}${listed}`,
    allowed: `at most ${most}${beside}: ${each} of the ${quotas.rulesPerSecurityGroup} rules of a security group ${cited(starting.rulesPerSecurityGroup)}`,
    fix: `name ${entries > 0 ? "fewer" : "wider networks"}, or set quotas.rulesPerSecurityGroup to what AWS has granted`,
    reads: clientReads,
  });
}

const clientReads = [
  ["quotas", "rulesPerSecurityGroup"],
  ["loadBalancer", "allowedCidrs"],
  ["loadBalancer", "allowedPrefixLists"],
  ["loadBalancer", "certificateArn"],
  ["loadBalancer", "domain"],
  ["network"],
];

/** Addresses of NAT gateways that are let in for a pipeline's verification. */
function verifierCount(config: EnvironmentConfig): number {
  const { network, loadBalancer } = config;
  if (!verifiesByNat(config)) return 0;
  if (network.mode === "create") {
    return { none: 0, single: 1, perZone: network.zones }[network.nat];
  }
  const others = new Set(network.natAddresses);
  return [...others].filter((address) => !loadBalancer.allowedCidrs.includes(`${address}/32`))
    .length;
}

/** Rules of the load balancer, and of its security group in the direction of tasks. */
function checkServices(side: Side, config: EnvironmentConfig, report: Report) {
  const web = servicesOf(side, config);
  const rules = web.map(([, { route }]) => routeRules(route).length + 1);
  const total = rules.reduce((sum, each) => sum + each, 0);
  const counts = { rulesPerLoadBalancer: total, rulesPerSecurityGroup: web.length };
  const passed = quotaNames.find((name) => counts[name] > config.quotas[name]);
  if (passed === undefined) return;
  report({
    path: ["services"],
    given: `${counted(web.length, "web service")} with ${counted(counts[passed], "rule")}`,
    allowed: `at most ${config.quotas[passed]} rules: ${uses[passed]} ${cited(starting[passed])}`,
    fix: `divide the product, or set quotas.${passed} to what AWS has granted`,
    reads: [["quotas"]],
  });
}

const quotaNames = ["rulesPerLoadBalancer", "rulesPerSecurityGroup"] as const;

const uses: Readonly<Record<(typeof quotaNames)[number], string>> = {
  rulesPerLoadBalancer:
    "of those of a load balancer each takes one, several for more paths and hosts than one takes, and one more for its target group or test requests",
  rulesPerSecurityGroup: "of those of the load balancer's security group each takes one",
};
