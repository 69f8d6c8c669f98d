import type { Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { nobodysNetwork } from "../contract/nobodysNetwork";
import { DeliveryError } from "./errors";
import type { MaintainedListener } from "./maintainedListeners";
import type { Target } from "./target";

/** A rule that answers with a page: what it matches, and where it stands. */
export interface PagePlace {
  readonly conditions: RuleCondition[];
  readonly priority: number;
}

/**
 * Where the pages of a listener stand: one before all rules; where others use the listener too, one for each rule that leads to
 * the environment, which matches the same, and stands so close before it that no request of somebody else's rule meets it.
 * @throws DeliveryError where there is no room.
 */
export function pagePlaces(listener: MaintainedListener, target: Target): PagePlace[] {
  if (target.config.loadBalancer.existing === undefined) {
    const all = { Field: "path-pattern", PathPatternConfig: { Values: ["/*"] } };
    return [{ conditions: [all], priority: firstPriority(listener, target) }];
  }
  const taken = new Set(listener.rules.map(priorityOf));
  return leadingRules(listener)
    .sort((one, other) => priorityOf(one) - priorityOf(other))
    .map((rule) => {
      const priority = priorityBefore(rule, taken, listener, target);
      taken.add(priority);
      return { conditions: (rule.Conditions ?? []).map(withoutDoubles), priority };
    });
}

/** The rules by which requests reach the environment's services. */
export function leadingRules({ rules, groups }: Omit<MaintainedListener, "arn">): Rule[] {
  return rules.filter(
    (rule) =>
      !meetsNobody(rule) &&
      rule.Actions?.some(({ TargetGroupArn = "" }) => groups.has(TargetGroupArn)),
  );
}

/** The lowest free priority before every rule that requests meet. */
function firstPriority({ rules }: MaintainedListener, { stack }: Target): number {
  const taken = new Map(rules.map((rule) => [priorityOf(rule), rule]));
  for (let priority = 1; ; priority++) {
    const rule = taken.get(priority);
    if (rule === undefined) return priority;
    if (!meetsNobody(rule)) throw noneBefore(rule, stack, priority + 1);
  }
}

/** The nearest free priority before a rule. */
function priorityBefore(
  rule: Rule,
  taken: ReadonlySet<number>,
  listener: MaintainedListener,
  { stack }: Target,
): number {
  const own = priorityOf(rule);
  let priority = own - 1;
  while (taken.has(priority)) priority--;
  if (priority < 1) throw noneBefore(rule, stack, own + 1);
  const leading = leadingRules(listener);
  const crossed = listener.rules.find(
    (other) =>
      priorityOf(other) > priority &&
      priorityOf(other) < own &&
      !leading.includes(other) &&
      !meetsNobody(other) &&
      mayMeet(rule, other),
  );
  if (crossed === undefined) return priority;
  throw new DeliveryError(
    `between the listener rule of ${stack} with the priority ${own} and the next free one before it is ${crossed.RuleArn}: a page would take its requests`,
    ["Give the route in config a priority with a free one right before it, and run pulumi up."],
  );
}

function noneBefore({ Priority }: Rule, stack: string, free: number): DeliveryError {
  return new DeliveryError(
    `a listener rule of ${stack} has the priority ${Priority}: none can stand before it`,
    [`Give its route in config another priority, such as ${free}, and run pulumi up.`],
  );
}

function priorityOf({ Priority }: Rule): number {
  return Number(Priority);
}

function meetsNobody({ Conditions = [] }: Rule): boolean {
  return Conditions.some(({ SourceIpConfig }) => SourceIpConfig?.Values?.includes(nobodysNetwork));
}

/** As it may be created: AWS describes the values of hosts and paths twice, and takes them once. */
function withoutDoubles({ Field, HostHeaderConfig, PathPatternConfig }: RuleCondition) {
  return { Field, HostHeaderConfig, PathPatternConfig };
}

/** Whether a request may match both: said too often rather than too seldom. */
function mayMeet(rule: Rule, other: Rule): boolean {
  return (rule.Conditions ?? []).every((condition) => {
    const same = other.Conditions?.find(({ Field }) => Field === condition.Field);
    const theirs = same === undefined ? [] : valuesOf(same);
    if (theirs.length === 0) return true;
    return valuesOf(condition).some((one) => theirs.some((another) => patternsMeet(one, another)));
  });
}

/** None where it has something else, such as regular expressions. */
function valuesOf({ Field, HostHeaderConfig, PathPatternConfig }: RuleCondition): string[] {
  if (Field !== "host-header") return PathPatternConfig?.Values ?? [];
  return (HostHeaderConfig?.Values ?? []).map((host) => host.toLowerCase());
}

/** By what is before the first wildcard and behind the last one. */
function patternsMeet(one: string, other: string): boolean {
  const wildcard = /[*?]/;
  if (!wildcard.test(one + other)) return one === other;
  const [heads, tails] = [0, -1].map((at) =>
    [one, other].map((pattern) => pattern.split(wildcard).at(at) ?? ""),
  );
  return (
    (heads[0].startsWith(heads[1]) || heads[1].startsWith(heads[0])) &&
    (tails[0].endsWith(tails[1]) || tails[1].endsWith(tails[0]))
  );
}
