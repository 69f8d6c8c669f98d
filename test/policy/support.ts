import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";
import { allFindings, type Finding } from "../../policy/findings";
import { rules } from "../../policy/rules";
import { enforcementLevel, type Resource } from "../../policy/rule";
import { defaultSettings, type Settings } from "../../policy/settings";
import { Stack } from "../../policy/stack";
import type { Properties } from "../../policy/values";
import type { RecordedResource } from "../support/record";

/** As @pulumi/policy hands them over: secrets are unwrapped. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  const isSecret = specialSigKey in value && value[specialSigKey] === specialSecretSig;
  if (isSecret) return unwrapped((value as unknown as { readonly value: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unwrapped(each)]));
}

/** What was recorded, as the rules see it. */
export function stackOf(resources: readonly RecordedResource[]): Stack {
  return new Stack(
    resources.map(({ urn, type, name, inputs, options }): Resource => {
      const properties = unwrapped(inputs) as Properties;
      const { protect, propertyDependencies: madeOf } = options;
      return { urn, type, name, properties, outputs: properties, protect, madeOf };
    }),
  );
}

export function findings(
  resources: readonly RecordedResource[],
  settings: Partial<Settings> = {},
): readonly Finding[] {
  return allFindings(stackOf(resources), { ...defaultSettings, ...settings });
}

/** For messages of failures: rule, resource and what it says. */
export function told({ rule, urn, text }: Finding): string {
  return `${rule}: ${urn.split("::").slice(-2).join("::")}: ${text}`;
}

export function isMandatory(finding: Finding): boolean {
  return rules.some((rule) => rule.name === finding.rule && enforcementLevel(rule) === "mandatory");
}
