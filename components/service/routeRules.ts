import { attachPriority, routePriority, type RoutePatterns } from "./routePriority";

/** Paths and hosts of one listener rule ("Quotas for your Application Load Balancers", ELB user guide). */
export const valuesPerRule = 5;

/** `*` and `?` in the paths and hosts of one rule (the same page). */
export const wildcardsPerRule = 6;

/** One listener rule of a route: what it matches, and where it stands. */
export interface RouteRule {
  readonly paths: readonly string[];
  readonly hosts: readonly string[];
  readonly priority: number;
}

interface Route extends RoutePatterns {
  /** Of its first rule; the others come after it. Without it, each has that of what it matches. */
  readonly priority?: number;
}

/**
 * The listener rules of a route, as few as there can be: each matches some of its hosts with some of its paths, and all
 * together every host with every path.
 * @returns none where one pattern has more wildcards than a rule takes.
 */
export function routeRules(route: Route): RouteRule[] {
  const hosts = route.hosts ?? [];
  const given = route.paths ?? [];
  // AWS wants at least one condition; beside hosts, "every path" needs none.
  const paths = given.length > 0 ? given : ["/*"];
  const patterns = hosts.length > 0 && paths.join() === "/*" ? [] : paths;
  const parts = smallest(hosts, patterns);
  return parts.map((part, index) => ({
    ...part,
    priority: route.priority === undefined ? routePriority(part) : route.priority + index,
  }));
}

/** The priority of the rule that attaches a route's target group. */
export function attachingPriority(rules: readonly RouteRule[]): number {
  return attachPriority(rules[0].priority);
}

/** What the rules of a route match, by which of the ways to divide it has the fewest. */
function smallest(
  hosts: readonly string[],
  paths: readonly string[],
): Omit<RouteRule, "priority">[] {
  const whole = { values: valuesPerRule, wildcards: wildcardsPerRule };
  if (hosts.length === 0) return chunks(paths, whole).map((part) => ({ hosts: [], paths: part }));
  if (paths.length === 0) return chunks(hosts, whole).map((part) => ({ hosts: part, paths: [] }));
  let best: Omit<RouteRule, "priority">[] = [];
  for (let values = 1; values < valuesPerRule; values++) {
    for (let wildcards = 0; wildcards <= wildcardsPerRule; wildcards++) {
      const rest = { values: valuesPerRule - values, wildcards: wildcardsPerRule - wildcards };
      const some = chunks(hosts, { values, wildcards });
      const others = chunks(paths, rest);
      const count = some.length * others.length;
      if (count === 0 || (best.length > 0 && best.length <= count)) continue;
      best = some.flatMap((host) => others.map((path) => ({ hosts: host, paths: path })));
    }
  }
  return best;
}

interface Room {
  readonly values: number;
  readonly wildcards: number;
}

/** Patterns in their order, as many at a time as there is room for; none at all where one is too large by itself. */
function chunks(patterns: readonly string[], room: Room): string[][] {
  const made: string[][] = [];
  for (const pattern of patterns) {
    if (wildcardsOf([pattern]) > room.wildcards) return [];
    const last = made.at(-1);
    const fits =
      last !== undefined &&
      last.length < room.values &&
      wildcardsOf([...last, pattern]) <= room.wildcards;
    if (fits) last.push(pattern);
    else made.push([pattern]);
  }
  return made;
}

function wildcardsOf(patterns: readonly string[]): number {
  return patterns.join("").replace(/[^*?]/g, "").length;
}
