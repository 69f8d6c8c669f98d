import type {
  PolicyPackArgs,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  StackValidationArgs,
} from "@pulumi/policy";
import { exceptionsIn, findingsOf, type Finding } from "./findings";
import { rules } from "./rules";
import { enforcementLevel, isStackRule, type Resource, type Rule } from "./rule";
import { defaultSettings, settingsSchema, type Settings } from "./settings";
import { Stack } from "./stack";
import { at, plain, type Properties } from "./values";

/** The policy that has the settings of all, and tells the exceptions that are made. */
export const settingsPolicy = "settings";

type Policies = PolicyPackArgs["policies"];

/** The rules as Pulumi runs them. */
export function policies(): Policies {
  const seen = new Seen();
  return [
    {
      name: settingsPolicy,
      description: "An accepted fault has a reason, and goes when it is mended.",
      enforcementLevel: "advisory",
      severity: "low",
      configSchema: settingsSchema(rules.map(({ name }) => name)),
      validateResource: (args) => seen.take(args),
      validateStack: (args, report) => {
        seen.learn(args);
        for (const finding of exceptionsIn(seen.stack(args), seen.settings)) tell(finding, report);
      },
    },
    ...rules.map((rule) => policy(rule, seen)),
  ];
}

/**
 * What the first policy of the pack has seen, for those that come after it: Pulumi gives a policy its own settings alone, and a
 * stack with what AWS answers, in place of what the program gives.
 */
class Seen {
  settings: Settings = defaultSettings;
  private readonly given = new Map<string, Properties>();

  learn(args: { getConfig: () => Partial<Settings> }): void {
    this.settings = { ...defaultSettings, ...args.getConfig() };
  }

  take(args: ResourceValidationArgs): void {
    this.learn(args);
    this.given.set(args.urn, propertiesOf(args));
  }

  stack({ resources }: StackValidationArgs): Stack {
    return new Stack(
      resources.map((resource): Resource => {
        const { urn, type, name, opts, propertyDependencies } = resource;
        const outputs = propertiesOf(resource);
        const madeOf = Object.fromEntries(
          Object.entries(propertyDependencies).map(([key, of]) => [key, of.map((one) => one.urn)]),
        );
        // Pulumi asks nothing of a resource that an update leaves out (--target).
        const properties = this.given.get(urn) ?? outputs;
        return { urn, type, name, properties, outputs, protect: opts.protect, madeOf };
      }),
    );
  }
}

function policy(rule: Rule, seen: Seen): Policies[number] {
  const { name, because: description, severity } = rule;
  const common = { name, description, severity, enforcementLevel: enforcementLevel(rule) };
  const judge = (resource: Resource, stack: Stack, report: ReportViolation) => {
    for (const finding of findingsOf(rule, resource, stack, seen.settings)) tell(finding, report);
  };
  if (!isStackRule(rule)) {
    return {
      ...common,
      validateResource: (args, report) => {
        if (!rule.types.includes(args.type)) return;
        const { urn, type, name, opts } = args;
        const properties = propertiesOf(args);
        const alone = { urn, type, name, properties, outputs: properties, madeOf: {} };
        const resource = { ...alone, protect: opts.protect };
        judge(resource, new Stack([resource]), report);
      },
    };
  }
  return {
    ...common,
    validateStack: (args, report) => {
      const stack = seen.stack(args);
      for (const resource of stack.all(rule.types)) judge(resource, stack, report);
    },
  };
}

function tell({ text, urn }: Finding, report: ReportViolation): void {
  report(text, urn);
}

function propertiesOf({ props, provider }: ResourceValidationArgs | PolicyResource): Properties {
  return withTags(plain(props) as Properties, provider?.props);
}

/** A resource has its provider's tags, too. */
function withTags(properties: Properties, provider: unknown): Properties {
  const given = at(plain(provider), "defaultTags");
  const tags = at(typeof given === "string" ? (JSON.parse(given) as unknown) : given, "tags");
  if (typeof tags !== "object" || tags === null) return properties;
  const own = properties.tags;
  return { ...properties, tags: typeof own === "symbol" ? own : { ...tags, ...(own as object) } };
}
