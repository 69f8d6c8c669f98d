import { routeRules } from "../../components/service/routeRules";
import { servicesOf } from "./sides";
import type { EnvironmentConfig } from "./types";

/** The hosts of the services behind the environment's load balancer, each once, as many together as one listener rule takes. */
export function hostGroups(config: EnvironmentConfig): (readonly string[])[] {
  const hosts = servicesOf("main", config).flatMap(([, { route }]) => route.hosts);
  return routeRules({ hosts: [...new Set(hosts)] }).map((rule) => rule.hosts);
}
