import { lastPriority } from "../../../components/service/routePriority";
import { routeRules } from "../../../components/service/routeRules";
import type { Check, Report } from "../checks";
import { oneOf } from "../fields";
import { cited, limits } from "../limits";
import { leadingTo, metPriorities, type NamedRoute } from "../priorities";
import { domainOfHost, domainsOfConfig, servicesOf, sides } from "../sides";
import type {
  EnvironmentConfig,
  LoadBalancerConfig,
  RouteConfig,
  WebServiceConfig,
} from "../types";

export const checkRoutes: Check = (config, report) => {
  for (const side of sides) {
    const routes = servicesOf(side, config);
    for (const [name, { route }] of routes) {
      checkValues(name, route, report);
      checkHosts(name, route, config.loadBalancer, report);
    }
    const repeated = reportRepeated(routes, report);
    const others = routes.filter(([name]) => !repeated.has(name));
    reportSamePriority(
      others.map(([name, service]) => [name, leadingTo(service)]),
      report,
    );
  }
  checkSides(config, report);
};

/** A name leads to one load balancer, of which its record tells. */
function checkSides(config: EnvironmentConfig, report: Report) {
  if (config.loadBalancer.domain === undefined) return;
  const owners = new Map(
    servicesOf("main", config).flatMap(([name, { route }]) =>
      route.hosts.map((host) => [host, name] as const),
    ),
  );
  for (const [name, { route }] of servicesOf("internal", config)) {
    route.hosts.forEach((host, index) => {
      const at = domainsOfConfig(config.loadBalancer).findIndex((domain) => domain.name === host);
      const owner = at < 0 ? owners.get(host) : at === 0 ? "loadBalancer.domain" : further(at);
      if (owner === undefined) return;
      report({
        path: ["services", name, "route", "hosts", index],
        allowed: `a name that leads to the internal load balancer alone; ${owner} has it at the other one`,
        fix: `give ${name} a host of its own, such as ${name.toLowerCase()}.internal.${config.loadBalancer.domain?.zone}`,
        reads: [...routeParts(name), ["loadBalancer", "domain"]],
      });
    });
  }
}

function further(at: number): string {
  return `loadBalancer.furtherDomains[${at - 1}]`;
}

type Named = readonly [string, WebServiceConfig];

function checkValues(name: string, route: RouteConfig, report: Report) {
  const fault = ruleFault(route);
  if (fault !== undefined) report({ path: ["services", name, "route"], ...fault });
  const rules = routeRules(route).length;
  if (route.priority === undefined || route.priority + rules - 1 <= lastPriority) return;
  report({
    path: ["services", name, "route", "priority"],
    allowed: `1 to ${lastPriority + 1 - rules}, since its paths and hosts are ${rules} rules, which follow one another`,
    fix: `set priority: ${lastPriority + 1 - rules}`,
    reads: routeParts(name),
  });
}

/** What is wrong with a route as listener rules; undefined where nothing is. */
export function ruleFault(route: {
  readonly paths: readonly string[];
  readonly hosts: readonly string[];
}) {
  if (routeRules(route).length > 0) return undefined;
  const { wildcardsPerRule } = limits;
  return {
    given: "a path, or a path and a host, with more wildcards",
    allowed: `${wildcardsPerRule.most} of * and ? in a path and a host together, the most that a listener rule takes ${cited(wildcardsPerRule)}`,
    fix: "use patterns with fewer wildcards, such as /api/* in place of /api/*/items/*",
  };
}

function checkHosts(
  name: string,
  { hosts }: RouteConfig,
  loadBalancer: LoadBalancerConfig,
  report: Report,
) {
  const { domain } = loadBalancer;
  if (domain === undefined) return;
  const zones = oneOf(domainsOfConfig(loadBalancer).map(({ zone }) => zone));
  hosts.forEach((host, index) => {
    if (domainOfHost(host, loadBalancer) !== undefined) return;
    report({
      path: ["services", name, "route", "hosts", index],
      allowed: `${zones} or a name below it: no record is made elsewhere`,
      fix: `write it as ${name.toLowerCase()}.${domain.zone}`,
      reads: [
        ["loadBalancer", "domain"],
        ["loadBalancer", "domain", "zone"],
        ["loadBalancer", "furtherDomains"],
      ],
    });
  });
}

/** Reports each service whose requests another takes; answers with their names. */
function reportRepeated(routes: readonly Named[], report: Report): ReadonlySet<string> {
  const owners = new Map<string, string>();
  const repeated = new Set<string>();
  for (const [name, { route }] of routes) {
    const hosts = route.hosts.length === 0 ? ["any host"] : route.hosts;
    const pairs = new Set(hosts.flatMap((host) => route.paths.map((path) => `${path} of ${host}`)));
    const pair = [...pairs].find((candidate) => owners.has(candidate));
    const owner = pair === undefined ? undefined : owners.get(pair);
    if (pair !== undefined && owner !== undefined) {
      repeated.add(name);
      report({
        path: ["services", name, "route"],
        given: pair,
        allowed: `what no other service has; ${owner} has it`,
        fix: `give ${name} or ${owner} paths or hosts of its own, such as route: { paths: [/${name}/*] }`,
        reads: routeParts(name).concat(routeParts(owner)),
      });
    }
    for (const each of pairs) if (!owners.has(each)) owners.set(each, name);
  }
  return repeated;
}

/** Each rule has a priority of its own, and so has the one that attaches a service's target group. */
function reportSamePriority(routes: readonly NamedRoute[], report: Report) {
  const byName = new Map(routes);
  const told = (name: string) => (byName.get(name)?.priority === undefined ? " by its route" : "");
  for (const [name, { met, owner, free }] of metPriorities(routes)) {
    report({
      path: ["services", name, "route", "priority"],
      given: `${met}${told(name)}, which ${owner} has${told(owner)}`,
      allowed: `1 to ${lastPriority}, each once; without priority, it follows from paths and hosts`,
      fix: `set priority: ${free}`,
      reads: [...routeParts(name), ...routeParts(owner)],
    });
  }
}

function routeParts(name: string): (string | number)[][] {
  return ["paths", "hosts", "priority"].map((key) => ["services", name, "route", key]);
}
