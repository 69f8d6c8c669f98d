import type { DomainArgs } from "../../components/service/domain";
import type { EnvironmentConfig, WebServiceConfig } from "./types";

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
 * The names that a load balancer gets a certificate and records for: the environment's domain and the hosts of all routes;
 * the internal one beside it has the hosts of its own routes alone.
 */
export function domainOf(side: Side, config: Config): DomainArgs | undefined {
  const { domain } = config.loadBalancer;
  if (domain === undefined) return undefined;
  const hosts = servicesOf(side, config).flatMap(([, { route }]) => route.hosts);
  if (side === "main") return { ...domain, alternativeNames: hosts };
  const name = hosts.find((host) => !/[*?]/.test(host)) ?? hosts.at(0);
  return name === undefined ? undefined : { name, zone: domain.zone, alternativeNames: hosts };
}

/** Whether a load balancer speaks HTTPS. */
export function isSecure(side: Side, config: Config): boolean {
  return config.loadBalancer.certificateArn !== undefined || domainOf(side, config) !== undefined;
}
