import { rulesPerService } from "../../../components/service/routePriority";
import type { Check, Report } from "../checks";
import { cited, quotas as starting, type QuotaName } from "../limits";
import type { EnvironmentConfig } from "../types";
import { verifiesInside } from "../verification";

/** What grows with clients and web services: rules of the load balancer and of its security group. */
export const checkRules: Check = (config, report) => {
  checkClients(config, report);
  checkServices(config, report);
};

function checkClients(config: EnvironmentConfig, report: Report) {
  const { loadBalancer, quotas } = config;
  const { allowedCidrs, certificateArn, domain } = loadBalancer;
  const ports = certificateArn === undefined && domain === undefined ? 1 : 2;
  const verifiers = verifierCount(config);
  if ((allowedCidrs.length + verifiers) * ports <= quotas.rulesPerSecurityGroup) return;
  const most = Math.max(0, Math.floor(quotas.rulesPerSecurityGroup / ports) - verifiers);
  const each = ports === 1 ? "each is one" : "each is two, for HTTP and HTTPS,";
  const beside =
    verifiers > 0 ? `, beside ${verifiers} of NAT gateways, from which verification comes` : "";
  report({
    path: ["loadBalancer", "allowedCidrs"],
    given: `${allowedCidrs.length} networks`,
    allowed: `at most ${most}${beside}: ${each} of the ${quotas.rulesPerSecurityGroup} rules of a security group ${cited(starting.rulesPerSecurityGroup)}`,
    fix: "name wider networks, or set quotas.rulesPerSecurityGroup to what AWS has granted",
    reads: [
      ["quotas", "rulesPerSecurityGroup"],
      ["loadBalancer", "certificateArn"],
      ["loadBalancer", "domain"],
      ["network"],
    ],
  });
}

/** Addresses of NAT gateways that are let in for a pipeline's verification. */
function verifierCount(config: EnvironmentConfig): number {
  const { network, loadBalancer } = config;
  if (!verifiesInside(config)) return 0;
  if (network.mode === "create") {
    return { none: 0, single: 1, perZone: network.zones }[network.nat];
  }
  const others = new Set(network.natAddresses);
  return [...others].filter((address) => !loadBalancer.allowedCidrs.includes(`${address}/32`))
    .length;
}

/** The narrower bound that the number of web services passes. */
function checkServices({ services, quotas }: EnvironmentConfig, report: Report) {
  const web = Object.values(services).filter(({ kind }) => kind === "web").length;
  const bound = (name: QuotaName, each: number, of: string) => ({
    name,
    most: Math.floor(quotas[name] / each),
    why: `each takes ${each} of the ${quotas[name]} rules of ${of} ${cited(starting[name])}`,
  });
  const bounds = [
    bound("rulesPerLoadBalancer", rulesPerService, "a load balancer"),
    bound("rulesPerSecurityGroup", 1, "the load balancer's security group"),
  ].sort((a, b) => a.most - b.most);
  const passed = bounds.find(({ most }) => web > most);
  if (passed === undefined) return;
  report({
    path: ["services"],
    given: `${web} web services`,
    allowed: `at most ${passed.most}: ${passed.why}`,
    fix: `divide the product, or set quotas.${passed.name} to what AWS has granted`,
    reads: [["quotas"]],
  });
}
