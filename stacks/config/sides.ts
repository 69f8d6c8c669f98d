import type { DomainArgs } from "../../components/service/domain";
import { isBelow } from "./fields";
import type { EnvironmentConfig, LoadBalancerConfig, WebServiceConfig } from "./types";

/** The load balancers of an environment: the one that config describes, and an internal one beside it. */
export const sides = ["main", "internal"] as const;

export type Side = (typeof sides)[number];

type Config = Pick<EnvironmentConfig, "loadBalancer" | "services">;

/** Which load balancer leads to a service. */
export function sideOf({ route }: WebServiceConfig, { loadBalancer }: Config): Side {
  return route.internal && !loadBalancer.internal ? "internal" : "main";
}

/** The web services behind a load balancer, by name. */
export function servicesOf(side: Side, config: Config): (readonly [string, WebServiceConfig])[] {
  return Object.entries(config.services).flatMap(([name, service]) =>
    service.kind === "web" && sideOf(service, config) === side ? [[name, service] as const] : [],
  );
}

/**
 * The names that a load balancer gets certificates and records for, by zone: the environment's domains and the hosts of all
 * routes; the internal one beside it has the hosts of its own routes alone. The first one's certificate is the listener's own.
 */
export function domainsOf(side: Side, config: Config): DomainArgs[] {
  const { loadBalancer } = config;
  const hosts = servicesOf(side, config).flatMap(([, { route }]) => route.hosts);
  return domainsOfConfig(loadBalancer).flatMap((domain): DomainArgs[] => {
    const own = hosts.filter((host) => domainOfHost(host, loadBalancer) === domain);
    if (side === "main") return [{ ...domain, alternativeNames: own }];
    const name = own.find((host) => !/[*?]/.test(host)) ?? own.at(0);
    return name === undefined ? [] : [{ name, zone: domain.zone, alternativeNames: own }];
  });
}

type Domains = Pick<LoadBalancerConfig, "domain" | "furtherDomains">;

/** All domains of config, its first one first. */
export function domainsOfConfig({ domain, furtherDomains }: Domains) {
  return domain === undefined ? [] : [domain, ...furtherDomains];
}

/** The domain in whose zone a host is: of the innermost where zones lie within each other. */
export function domainOfHost(host: string, domains: Domains) {
  return domainsOfConfig(domains)
    .filter(({ zone }) => isBelow(host, zone))
    .sort((one, other) => other.zone.length - one.zone.length)
    .at(0);
}

/** Every certificate that config names, with where. */
export function certificatesOf({
  certificateArn,
  certificateArns,
}: Pick<LoadBalancerConfig, "certificateArn" | "certificateArns">) {
  return [
    ...(certificateArn === undefined
      ? []
      : [{ path: ["loadBalancer", "certificateArn"], arn: certificateArn }]),
    ...certificateArns.map((arn, index) => ({
      ...{ path: ["loadBalancer", "certificateArns", index], arn },
    })),
  ];
}

/** Whether a load balancer speaks HTTPS; one that is there is taken to, until it was looked up. */
export function isSecure(side: Side, config: Config): boolean {
  const { certificateArn, existing } = config.loadBalancer;
  if (side === "main" && existing) return true;
  return certificateArn !== undefined || domainsOf(side, config).length > 0;
}
