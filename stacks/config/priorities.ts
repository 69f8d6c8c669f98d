import { attachPriority, lastPriority, testPriority } from "../../components/service/routePriority";
import { attachingPriority, routeRules } from "../../components/service/routeRules";
import { shifts } from "../../contract/deploymentStrategy";
import type { WebServiceConfig } from "./types";

/** A service, and what leads to it. */
export type NamedRoute = readonly [
  name: string,
  route: {
    readonly paths: readonly string[];
    readonly hosts: readonly string[];
    readonly priority?: number;
    /**
     * Whether its deployments shift requests, by a test rule in place of the one that attaches its target group; `inOne` where
     * they do so in one environment, and not in another. Default: no.
     */
    readonly shifts?: Shifts;
  },
];

type Shifts = boolean | "inOne";

/** What leads to a web service, as it is deployed. */
export function leadingTo({ route, deployment }: WebServiceConfig): NamedRoute[1] {
  return { ...route, shifts: shifts(deployment.strategy) };
}

/** A priority that two services have. */
export interface MetPriority {
  readonly met: number;
  /** Who had it before. */
  readonly owner: string;
  /** The nearest that nobody has. */
  readonly free: number;
}

/** The services of a load balancer whose rules would have priorities of those before them, by name. */
export function metPriorities(routes: readonly NamedRoute[]): ReadonlyMap<string, MetPriority> {
  const owners = new Map<number, string>();
  const routeOf = new Map(routes);
  const all = routes.map(([name, route]) => [name, prioritiesOf(route)] as const);
  const taken = new Set(all.flatMap(([, priorities]) => priorities));
  const found = new Map<string, MetPriority>();
  for (const [name, priorities] of all) {
    const met = priorities.find(
      (priority, index) => owners.has(priority) || priorities.indexOf(priority) < index,
    );
    if (met === undefined) {
      for (const each of priorities) owners.set(each, name);
      continue;
    }
    const route = routeOf.get(name);
    const rules = route ? routeRules(route).length : 0;
    const free = firstFree(priorities[0], rules, taken, route?.shifts);
    found.set(name, { met, owner: owners.get(met) ?? name, free });
  }
  return found;
}

/** Of the rules that lead to a service, and last of the one that attaches its target group, or leads test requests. */
export function prioritiesOf(route: NamedRoute[1]): number[] {
  const rules = routeRules(route);
  if (rules.length === 0) return [];
  const test = testPriority(rules[0], route.priority);
  const beside = besideRules(route.shifts, attachingPriority(rules), test);
  return [...rules.map(({ priority }) => priority), ...beside];
}

function besideRules(shifts: Shifts = false, attaching: number, test: number): number[] {
  return [...(shifts === true ? [] : [attaching]), ...(shifts ? [test] : [])];
}

/** The nearest priority that is free, with as many after it as there are rules; those are taken from then on. */
export function firstFree(
  near: number,
  rules: number,
  taken: Set<number>,
  shifts?: Shifts,
): number {
  const wanted = (first: number) => [
    ...Array.from({ length: rules }, (_, index) => first + index),
    ...besideRules(shifts, attachPriority(first), testPriority({}, first)),
  ];
  const isFree = (first: number) =>
    wanted(first).every((priority) => priority >= 1) &&
    first + rules - 1 <= lastPriority &&
    wanted(first).every((priority, index, all) => {
      return !taken.has(priority) && all.indexOf(priority) === index;
    });
  const after = Array.from({ length: lastPriority - near }, (_, index) => near + 1 + index);
  const before = Array.from({ length: near - 1 }, (_, index) => near - 1 - index);
  const first = [...after, ...before].find(isFree) ?? near;
  for (const each of wanted(first)) taken.add(each);
  return first;
}
