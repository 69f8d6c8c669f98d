import { list, text } from "./fields";
import type { EnvironmentConfig } from "./types";

/** The sections whose things services use by name, each with what ends the variables that come with it. */
const variablesOf = {
  buckets: ["BUCKET"],
  caches: ["HOST", "PORT", "PASSWORD"],
  databases: ["HOST", "PORT", "NAME", "USERNAME", "PASSWORD", "SECRET_ARN"],
} as const;

/** A section whose things services use. */
export type Usable = keyof typeof variablesOf;

export const sections = Object.keys(variablesOf) as Usable[];

/** Where a name may be, for messages. */
export const usableSections = sections.map((section) => `gantry:${section}`).join(" or ");

export function usesSchema() {
  const names = `names below ${usableSections}`;
  return list(text(`a name below ${usableSections}`, /\S/), names).default([]);
}

/** What services may use: each name, with the sections that have it. */
export function usable(config: Pick<EnvironmentConfig, Usable>): Map<string, readonly Usable[]> {
  const found = new Map<string, Usable[]>();
  for (const section of sections) {
    for (const name of Object.keys(config[section])) {
      found.set(name, [...(found.get(name) ?? []), section]);
    }
  }
  return found;
}

/** A variable that comes with something that is used: `ORDER_FILES_BUCKET` of `order-files`. */
export function usedVariable(name: string, part: (typeof variablesOf)[Usable][number]): string {
  return variableOf(name, part);
}

/** A variable of something that has a name in config. */
export function variableOf(name: string, part: string): string {
  return `${name.replaceAll("-", "_").toUpperCase()}_${part}`;
}

/** All of them. */
export function usedVariables(section: Usable, name: string): string[] {
  return variablesOf[section].map((part) => usedVariable(name, part));
}

/** Whether something of what a service uses is reached by the network. */
export function reaching(
  config: Pick<EnvironmentConfig, Usable>,
): (service: { readonly uses: readonly string[] }) => boolean {
  const things = usable(config);
  return ({ uses }) => uses.some((name) => things.get(name)?.some(hasAddress));
}

/** Whether it is reached by the network, and not by AWS's API. */
function hasAddress(section: Usable): boolean {
  return section !== "buckets";
}
