import { servicesOf, type Side } from "./sides";
import type { EnvironmentConfig, PrivateServiceConfig } from "./types";

type Config = Pick<EnvironmentConfig, "pipeline" | "loadBalancer" | "services">;

/**
 * Whether Verify must run inside the VPC: nobody else reaches an internal load balancer or the tasks of private services, and a load
 * balancer that keeps the world out refuses CodeBuild's own addresses, which are shared by all accounts.
 */
export function verifiesInside(config: Config): boolean {
  return verifiesInternal(config) || verifiesByNat(config) || verifiedPrivately(config).length > 0;
}

/** The private services whose tasks Verify asks, by name. */
export function verifiedPrivately({
  pipeline,
  services,
}: Pick<Config, "pipeline" | "services">): [string, PrivateServiceConfig][] {
  if (pipeline === undefined) return [];
  return Object.entries(services).flatMap(([name, service]) =>
    service.kind === "private" && service.verify !== false ? [[name, service]] : [],
  );
}

/** Whether services behind an internal load balancer are verified. */
export function verifiesInternal(config: Config): boolean {
  return (
    isVerified("internal", config) || (config.loadBalancer.internal && isVerified("main", config))
  );
}

/** Whether the addresses of NAT gateways, from which Verify comes, must be let in by a load balancer that faces the internet. */
export function verifiesByNat(config: Config): boolean {
  const { allowedCidrs, internal } = config.loadBalancer;
  return !internal && !allowedCidrs.includes("0.0.0.0/0") && isVerified("main", config);
}

function isVerified(side: Side, config: Config): boolean {
  return (
    config.pipeline !== undefined &&
    servicesOf(side, config).some(([, { verify }]) => verify !== undefined)
  );
}
