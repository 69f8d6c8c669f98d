import {
  attachPriority,
  lastPriority,
  routePriority,
} from "../../../components/service/routePriority";
import type { Check, Report } from "../checks";
import { isBelow } from "../fields";
import { cited, limits } from "../limits";
import type { LoadBalancerConfig, RouteConfig, WebServiceConfig } from "../types";

export const checkRoutes: Check = ({ loadBalancer, services }, report) => {
  const routes = Object.entries(services).filter(isWeb);
  for (const [name, { route }] of routes) {
    checkValues(name, route, report);
    checkHosts(name, route, loadBalancer, report);
  }
  const repeated = reportRepeated(routes, report);
  reportSamePriority(
    routes.filter(([name]) => !repeated.has(name)),
    report,
  );
};

type Named = [string, WebServiceConfig];

function isWeb(entry: [string, { kind: string }]): entry is Named {
  return entry[1].kind === "web";
}

function checkValues(name: string, route: RouteConfig, report: Report) {
  const fault = ruleFault(route);
  if (fault !== undefined) report({ path: ["services", name, "route"], ...fault });
}

/** What is wrong with a route as one listener rule; undefined where nothing is. */
export function ruleFault(route: {
  readonly paths: readonly string[];
  readonly hosts: readonly string[];
}) {
  const { hosts } = route;
  // Beside hosts, "every path" needs no condition.
  const paths = hosts.length > 0 && route.paths.join() === "/*" ? [] : route.paths;
  const { valuesPerRule, wildcardsPerRule } = limits;
  if (paths.length + hosts.length > valuesPerRule.most) {
    return {
      given: `${paths.length} paths and ${hosts.length} hosts`,
      allowed: `${valuesPerRule.most} paths and hosts in all, the most that a listener rule takes ${cited(valuesPerRule)}`,
      fix: "say it with fewer patterns: * stands for any text",
    };
  }
  const wildcards = [...paths, ...hosts].join("").replace(/[^*?]/g, "").length;
  if (wildcards <= wildcardsPerRule.most) return undefined;
  return {
    given: `${wildcards} wildcards`,
    allowed: `${wildcardsPerRule.most} of * and ? in all paths and hosts, the most that a listener rule takes ${cited(wildcardsPerRule)}`,
    fix: "use patterns with fewer wildcards, such as /api/* in place of /api/*/items/*",
  };
}

function checkHosts(
  name: string,
  { hosts }: RouteConfig,
  { domain }: LoadBalancerConfig,
  report: Report,
) {
  if (domain === undefined) return;
  hosts.forEach((host, index) => {
    if (isBelow(host, domain.zone)) return;
    report({
      path: ["services", name, "route", "hosts", index],
      allowed: `${domain.zone} or a name below it: no record is made elsewhere`,
      fix: `write it as ${name.toLowerCase()}.${domain.zone}`,
      reads: [
        ["loadBalancer", "domain"],
        ["loadBalancer", "domain", "zone"],
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

function reportSamePriority(routes: readonly Named[], report: Report) {
  const owners = new Map<number, string>();
  const priorities = new Map(
    routes.map(([name, { route }]) => [name, route.priority ?? routePriority(route)]),
  );
  // Each service has a second rule, which attaches its target group.
  const both = (priority: number) => [priority, attachPriority(priority)];
  const taken = new Set([...priorities.values()].flatMap(both));
  for (const [name, priority] of priorities) {
    const owner = owners.get(priority);
    if (owner === undefined) {
      for (const each of both(priority)) owners.set(each, name);
      continue;
    }
    const free = nearestFree(priority, taken);
    taken.add(free);
    report({
      path: ["services", name, "route", "priority"],
      given: `${priority}, which ${owner} has`,
      allowed: `1 to ${lastPriority}, each once`,
      fix: `set priority: ${free}`,
      reads: [...routeParts(name), ...routeParts(owner)],
    });
  }
}

function nearestFree(priority: number, taken: ReadonlySet<number>): number {
  for (let free = priority + 1; free <= lastPriority; free++) if (!taken.has(free)) return free;
  for (let free = priority - 1; free >= 1; free--) if (!taken.has(free)) return free;
  return priority;
}

function routeParts(name: string): (string | number)[][] {
  return ["paths", "hosts", "priority"].map((key) => ["services", name, "route", key]);
}
