import type { ListenerRule, Weights } from "./leadingRules";
import type { RouteRule } from "./routeRules";

/**
 * Where requests of a route go while no rule is there for it: what the next rule does that matches all of them.
 * @returns undefined where that forwards nothing, or where several rules answer them.
 */
export function answeredBefore(
  own: RouteRule,
  rules: readonly ListenerRule[],
): Weights | undefined {
  const next = rules
    .filter(({ priority }) => priority > own.priority)
    .sort((one, other) => one.priority - other.priority)
    .find((rule) => matchesAll(rule, own));
  return next && Object.keys(next.weights).length > 0 ? next.weights : undefined;
}

function matchesAll({ hosts, paths, isNarrower }: ListenerRule, own: RouteRule): boolean {
  return !isNarrower && covers(hosts, own.hosts) && covers(paths, own.paths);
}

/** @param own none where any will do. */
function covers(patterns: readonly string[] | undefined, own: readonly string[]): boolean {
  if (patterns === undefined) return true;
  return own.length > 0 && own.every((one) => patterns.some((pattern) => contains(pattern, one)));
}

/** Whether a pattern of `*` and `?` matches whatever another one does. */
function contains(pattern: string, other: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", "[^*]");
  return new RegExp(`^${expression}$`, "i").test(other);
}
