import * as pulumi from "@pulumi/pulumi";
import type { RouteArgs } from "./routing";
import type { ServingLoadBalancer } from "./servingLoadBalancer";

/**
 * The first address of a route that a person can open: its first literal host, and its first path up to a wildcard. Where all hosts
 * have wildcards, and none matches the load balancer's own name, the first one as it is.
 */
export function routeUrl(
  { host, protocol }: ServingLoadBalancer,
  { paths = [], hosts = [] }: RouteArgs,
): pulumi.Output<string> {
  const literalHost = hosts.find((name) => !/[*?]/.test(name));
  // Of wildcards alone there is none, unless the load balancer's own name is one that they match.
  const address = host.apply((name) => {
    const isAnswered = hosts.length === 0 || hosts.some((pattern) => matches(pattern, name));
    return literalHost ?? (isAnswered ? name : hosts[0]);
  });
  const path = (paths[0] ?? "/*").replace(/[*?].*$/, "").replace(/\/$/, "");
  return pulumi.interpolate`${protocol}://${address}${path}`;
}

/** Whether a pattern of `*` and `?` matches a host. */
function matches(pattern: string, host: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "i").test(host);
}
