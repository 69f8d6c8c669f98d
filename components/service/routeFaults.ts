import type { Fault } from "../shared/validation";
import type { ServiceArgs } from "./args";
import { routeRules, wildcardsPerRule } from "./routeRules";

/** What is wrong with how a web service is reached. */
export function leadingFaults(args: ServiceArgs): Fault[] {
  if (args.kind !== "web") return [];
  const { loadBalancer, route = {} } = args;
  const { protocol = "http1" } = route;
  return [
    ...(routeRules(route).length > 0
      ? []
      : [
          {
            path: "route",
            given: "a path, or a path and a host, with more wildcards",
            allowed: `${wildcardsPerRule} of * and ? in a path and a host together`,
            fix: "use patterns with fewer wildcards",
          },
        ]),
    ...(protocol === "http1" || loadBalancer?.protocol === "https"
      ? []
      : [
          {
            path: "route.protocol",
            given: protocol,
            allowed: "http1 behind a load balancer without a certificate",
            fix: "give the service a loadBalancer with a domain or a certificate, or remove it",
          },
        ]),
  ];
}
