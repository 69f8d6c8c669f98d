import type { Settings } from "./settings";
import type { Stack } from "./stack";
import type { Properties } from "./values";

/** A resource as a rule sees it, of whatever program. */
export interface Resource {
  readonly urn: string;
  /** Pulumi's token, such as `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  /** As the program gives them, with the provider's defaults. */
  readonly properties: Properties;
  /** With what AWS adds: in previews much of it is not known. Those that are given where a rule judges a resource by itself. */
  readonly outputs: Properties;
  readonly protect: boolean;
  /** The URNs of the resources whose outputs a property is made of, by property. Empty until the stack is complete. */
  readonly madeOf: Readonly<Record<string, readonly string[]>>;
}

export const severities = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

interface Common {
  /** Kebab case, beginning with the service. Settings and messages name it. */
  readonly name: string;
  /** `critical` and `high` are mandatory, `medium` and `low` advisory: see `enforcementLevel`. */
  readonly severity: Severity;
  /** What goes wrong without it: one sentence for whoever is refused. */
  readonly because: string;
  /** What to write, in the words of @pulumi/aws. */
  readonly fix: string;
  /** Whether it holds in production alone. Default: everywhere. */
  readonly inProduction?: true;
  /** Types that it looks at. */
  readonly types: readonly string[];
}

/** Judges a resource by itself, before it is created or changed. */
export interface ResourceRule extends Common {
  /** What is wrong, for each fault a sentence without its end; empty where nothing is. No value that may be secret. */
  readonly check: (resource: Resource, settings: Settings) => readonly string[];
}

/** Judges a resource by what else is in its stack: at the end of previews and updates. */
export interface StackRule extends Common {
  readonly checkInStack: (
    resource: Resource,
    stack: Stack,
    settings: Settings,
  ) => readonly string[];
}

export type Rule = ResourceRule | StackRule;

export function enforcementLevel({ severity }: Rule): "mandatory" | "advisory" {
  return severity === "critical" || severity === "high" ? "mandatory" : "advisory";
}

export function isStackRule(rule: Rule): rule is StackRule {
  return "checkInStack" in rule;
}

/** The one fault, where there is one. */
export function when(isFault: boolean, fault: string): readonly string[] {
  return isFault ? [fault] : [];
}
