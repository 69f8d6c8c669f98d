import * as pulumi from "@pulumi/pulumi";
import { routeHost, routePath } from "../../contract/routeAddress";
import type { RouteArgs } from "./routing";
import type { ServingLoadBalancer } from "./servingLoadBalancer";

/**
 * The first address of a route that a person can open: its first literal host, and its first path up to a wildcard. Where all hosts
 * have wildcards, and none matches the load balancer's own name, the first one as it is.
 */
export function routeUrl(
  { host, protocol }: ServingLoadBalancer,
  route: RouteArgs,
): pulumi.Output<string> {
  const address = host.apply((name) => routeHost(route, name));
  return pulumi.interpolate`${protocol}://${address}${routePath(route)}`;
}
