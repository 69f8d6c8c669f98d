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
  // Pulumi gives a policy its own settings alone. The first in the list is asked first, each time, and keeps them for all.
  let settings: Settings = defaultSettings;
  const learn = (args: { getConfig: () => Partial<Settings> }) => {
    settings = { ...defaultSettings, ...args.getConfig() };
  };
  return [
    {
      name: settingsPolicy,
      description: "An accepted fault has a reason, and goes when it is mended.",
      enforcementLevel: "advisory",
      severity: "low",
      configSchema: settingsSchema(rules.map(({ name }) => name)),
      validateResource: learn,
      validateStack: (args, report) => {
        learn(args);
        for (const finding of exceptionsIn(new Stack(args.resources.map(ofStack)), settings)) {
          tell(finding, report);
        }
      },
    },
    ...rules.map((rule) => policy(rule, () => settings)),
  ];
}

function policy(rule: Rule, settings: () => Settings): Policies[number] {
  const { name, because: description, severity } = rule;
  const common = { name, description, severity, enforcementLevel: enforcementLevel(rule) };
  if (!isStackRule(rule)) {
    return {
      ...common,
      validateResource: (args, report) => {
        if (!rule.types.includes(args.type)) return;
        const resource = ofArgs(args);
        const stack = new Stack([resource]);
        for (const finding of findingsOf(rule, resource, stack, settings())) tell(finding, report);
      },
    };
  }
  return {
    ...common,
    validateStack: ({ resources }: StackValidationArgs, report) => {
      const stack = new Stack(resources.map(ofStack));
      for (const resource of stack.all(rule.types)) {
        for (const finding of findingsOf(rule, resource, stack, settings())) tell(finding, report);
      }
    },
  };
}

function tell({ text, urn }: Finding, report: ReportViolation): void {
  report(text, urn);
}

function ofArgs(args: ResourceValidationArgs): Resource {
  const { urn, type, name, opts, provider } = args;
  const properties = withTags(plain(args.props) as Properties, provider?.props);
  return { urn, type, name, properties, protect: opts.protect, madeOf: {} };
}

function ofStack(resource: PolicyResource): Resource {
  const { urn, type, name, opts, provider, propertyDependencies } = resource;
  const properties = withTags(plain(resource.props) as Properties, provider?.props);
  const madeOf = Object.fromEntries(
    Object.entries(propertyDependencies).map(([key, from]) => [key, from.map((one) => one.urn)]),
  );
  return { urn, type, name, properties, protect: opts.protect, madeOf };
}

/** A resource has its provider's tags, too. */
function withTags(properties: Properties, provider: unknown): Properties {
  const given = at(plain(provider), "defaultTags");
  const tags = at(typeof given === "string" ? (JSON.parse(given) as unknown) : given, "tags");
  if (typeof tags !== "object" || tags === null) return properties;
  const own = properties.tags;
  return { ...properties, tags: typeof own === "symbol" ? own : { ...tags, ...(own as object) } };
}
