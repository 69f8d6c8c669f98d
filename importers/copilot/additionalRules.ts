import { isRecord } from "../../contract/record";
import { ruleFault } from "../../stacks/config/checks/routes";
import { routeSchema } from "../../stacks/config/route";
import { lost, otherWay, type Outcome } from "../outcome";
import { isLost, type At, type Rule, type Table } from "../rules";
import { number } from "../values";
import { hostsOf, onePort, pathsOf, webTable } from "./web";

interface Route {
  readonly paths: readonly string[];
  readonly hosts: readonly string[];
}

const oneRoute = "a service has one route, all of whose paths hold for all of its hosts";
const divide = "divide the service, or answer the path at every host";

/** What a rule says of its own, where it goes for the service as a whole here. */
const asOfAll = Object.fromEntries(
  ["stickiness", "allowed_source_ips.**", "hosted_zone", "redirect_to_https", "version"].map(
    (key) => [`*.${key}`, webTable[`http.${key}`]],
  ),
);

const ofOne = "a service has one target group, which http describes";

/**
 * The rules of `http.additional_rules`, once the first rule is in the config: they join its route where it
 * can say both.
 */
export function additionalRuleTable(): Table {
  const joinedBy = new Map<string, Outcome>();
  const ofRule: Rule = ({ names: [index], value }) =>
    value === undefined
      ? undefined
      : (joinedBy.get(index) ?? lost("of this rule not all is known", "add it to route yourself"));
  return {
    ...asOfAll,
    "*": (at) => {
      if (isRecord(at.value)) joinedBy.set(at.names[0], joined(at, at.value));
      return undefined;
    },
    "*.path": ofRule,
    "*.alias.**": ofRule,
    "*.target_port": (at) =>
      isOwnPort(at, at.value)
        ? otherWay("the service's own port")
        : lost("requests go to the service's one port", onePort),
    "*.target_container": (at) =>
      at.value === at.service
        ? otherWay("requests go to the image itself")
        : webTable["http.target_container"](at),
    "*.deregistration_delay": isLost(ofOne, "set drainSeconds to the longer one"),
    "*.healthcheck.**": isLost(ofOne, "answer 200 on healthCheck.path"),
  };
}

function joined(at: At, rule: Readonly<Record<string, unknown>>): Outcome {
  const { path, alias, target_port: port, target_container: container } = rule;
  if (typeof path !== "string") return lost("no path", "add it to route yourself");
  if (container !== undefined && container !== at.service) {
    return lost("requests go to the image itself", "answer the path there, or divide the service");
  }
  if (port !== undefined && !isOwnPort(at, port)) {
    return lost("requests go to the service's one port", onePort);
  }
  const first = routeOf(at);
  const more = { paths: pathsOf(path), hosts: alias === undefined ? [] : hostsOf(alias) };
  if (covers(first, more)) return otherWay("route has these paths and hosts already");
  const both = union(first, more);
  if (both === undefined) return lost(oneRoute, divide);
  if (!routeSchema().safeParse(both).success) return lost("no route", "add it to route yourself");
  const fault = ruleFault(both);
  if (fault !== undefined) {
    return lost(
      `with this rule route would have ${fault.given}; allowed: ${fault.allowed}`,
      divide,
    );
  }
  for (const key of ["paths", "hosts"] as const) {
    if (both[key].length > first[key].length) at.draft.extend(placeOf(at, key), both[key], at.node);
  }
  return otherWay(`route, with the first rule: ${[...more.paths, ...more.hosts].join(", ")}`);
}

function isOwnPort({ draft, service }: At, port: unknown): boolean {
  return number(port) !== undefined && number(port) === draft.get(["services", service, "port"]);
}

function placeOf({ service }: At, key: keyof Route): string[] {
  return ["services", service, "route", key];
}

/** As it is in the config so far; without a path it has every one. */
function routeOf(at: At): Route {
  const of = (key: keyof Route) => at.draft.get(placeOf(at, key)) as readonly string[] | undefined;
  return { paths: of("paths") ?? ["/*"], hosts: of("hosts") ?? [] };
}

function covers({ paths, hosts }: Route, more: Route): boolean {
  const allHosts = hosts.length === 0 || (more.hosts.length > 0 && isWithin(more.hosts, hosts));
  return allHosts && (paths.includes("/*") || isWithin(more.paths, paths));
}

/** Undefined where the paths of one would hold for the hosts of the other, too. */
function union(first: Route, more: Route): Route | undefined {
  if (isSame(first.hosts, more.hosts)) return { ...first, paths: both(first.paths, more.paths) };
  const areNamed = first.hosts.length > 0 && more.hosts.length > 0;
  if (!areNamed || !isSame(first.paths, more.paths)) return undefined;
  return { ...first, hosts: both(first.hosts, more.hosts) };
}

function both(some: readonly string[], others: readonly string[]): string[] {
  return [...new Set([...some, ...others])];
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((each) => all.includes(each));
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return isWithin(some, others) && isWithin(others, some);
}
