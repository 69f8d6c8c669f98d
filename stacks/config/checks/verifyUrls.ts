import type { Check } from "../checks";
import { domainsOf, sideOf } from "../sides";
import type { LoadBalancerConfig, RouteConfig, WebServiceConfig } from "../types";

/** Verification calls an address that some rule must answer; where none follows from the route, it must be said. */
export const checkVerifyUrls: Check = (config, report) => {
  const { loadBalancer, pipeline, services } = config;
  if (pipeline === undefined) return;
  for (const [name, service] of Object.entries(services)) {
    if (service.kind !== "web" || !isVerified(service)) continue;
    const isNamed = domainsOf(sideOf(service, config), config).length > 0;
    const why = unanswered(service.route, loadBalancer, isNamed);
    if (why === undefined) continue;
    report({
      path: ["services", name, "verifyUrl"],
      given: "nothing",
      allowed: `the address for verify, since ${why}`,
      fix: `set verifyUrl: https://${exampleHost(service.route, loadBalancer)}`,
      reads: [["services", name, "route"], ["loadBalancer"]],
    });
  }
};

function isVerified({ verify, verifyUrl }: WebServiceConfig): boolean {
  return verify !== undefined && verifyUrl === undefined;
}

function unanswered(
  { hosts, paths }: RouteConfig,
  { certificateArn }: LoadBalancerConfig,
  isNamed: boolean,
): string | undefined {
  if (hosts.length > 0 && hosts.every((host) => /[*?]/.test(host))) {
    return "all hosts of its route have wildcards";
  }
  if (hosts.length === 0 && !isNamed && certificateArn !== undefined) {
    return "the certificate is not for the load balancer's own name";
  }
  return paths[0].startsWith("*") || /^\/[*?]./.test(paths[0])
    ? "its first path begins with a wildcard"
    : undefined;
}

function exampleHost({ hosts }: RouteConfig, { domain }: LoadBalancerConfig): string {
  return hosts[0]?.replace(/[*?]+/g, "www") ?? domain?.name ?? "shop.example.com";
}
