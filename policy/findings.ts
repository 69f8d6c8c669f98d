import { rules } from "./rules";
import { isStackRule, type Resource, type Rule } from "./rule";
import { isProduction, type Settings } from "./settings";
import type { Stack } from "./stack";

/** What a rule says of a resource. */
export interface Finding {
  readonly rule: string;
  readonly urn: string;
  /** What is wrong, and the fix. */
  readonly text: string;
}

/** What a rule finds wrong with a resource, but what the settings accept. */
export function findingsOf(
  rule: Rule,
  resource: Resource,
  stack: Stack,
  settings: Settings,
): readonly Finding[] {
  const isExcepted = settings.exceptions.some(
    (exception) => exception.rule === rule.name && names(exception.resource, resource),
  );
  return isExcepted ? [] : faultsOf(rule, resource, stack, settings);
}

/** Everything that the rules find wrong with a stack. */
export function allFindings(stack: Stack, settings: Settings): readonly Finding[] {
  return stack.resources.flatMap((resource) =>
    rules.flatMap((rule) => findingsOf(rule, resource, stack, settings)),
  );
}

/** What the settings' exceptions accept, with the reason; and those that accept nothing any more. */
export function exceptionsIn(stack: Stack, settings: Settings): readonly Finding[] {
  return settings.exceptions.flatMap(({ rule: name, resource: named, because }): Finding[] => {
    const rule = rules.find((one) => one.name === name);
    if (rule === undefined) return [];
    const found = stack.resources.filter((resource) => names(named, resource));
    const accepted = found.flatMap((resource) => faultsOf(rule, resource, stack, settings));
    if (accepted.length > 0) {
      return accepted.map(({ urn, text }) => ({
        rule: name,
        urn,
        text: `accepted: ${name}, because ${because}. It says: ${text}`,
      }));
    }
    const text = `the exception of ${named} from ${name} accepts nothing: ${
      found.length > 0 ? "nothing is wrong there" : "no resource has that name"
    }. Fix: take it out of the settings`;
    return [{ rule: name, urn: found[0]?.urn ?? "", text }];
  });
}

function names(named: string, { name, urn }: Resource): boolean {
  return named === name || named === urn;
}

function faultsOf(
  rule: Rule,
  resource: Resource,
  stack: Stack,
  settings: Settings,
): readonly Finding[] {
  const { urn, type } = resource;
  if (!rule.types.includes(type)) return [];
  if (rule.inProduction && !isProduction(urn, settings)) return [];
  const faults = isStackRule(rule)
    ? rule.checkInStack(resource, stack, settings)
    : rule.check(resource, settings);
  return faults.map((fault) => ({ rule: rule.name, urn, text: `${fault}. Fix: ${rule.fix}` }));
}
