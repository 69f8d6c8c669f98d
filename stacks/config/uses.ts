import { list, text } from "./fields";
import type { EnvironmentConfig } from "./types";

/** The sections whose things services use by name. */
const sections = ["buckets"] as const;

/** Names below `gantry:buckets`. */
export function usesSchema() {
  return list(text("a name below gantry:buckets", /\S/), "names below gantry:buckets").default([]);
}

/** What services may use: each name, with the sections that have it. */
export function usable(
  config: Pick<EnvironmentConfig, (typeof sections)[number]>,
): Map<string, readonly (typeof sections)[number][]> {
  const found = new Map<string, (typeof sections)[number][]>();
  for (const section of sections) {
    for (const name of Object.keys(config[section])) {
      found.set(name, [...(found.get(name) ?? []), section]);
    }
  }
  return found;
}

/** What begins the variables of something that is used: `ORDER_FILES` of `order-files`. */
export function variablePrefix(name: string): string {
  return name.replaceAll("-", "_").toUpperCase();
}

/** The variables that a service gets with what it uses. */
export function usedVariables(config: Parameters<typeof usable>[0], name: string): string[] {
  const kinds = usable(config).get(name) ?? [];
  return kinds.flatMap((kind) =>
    variablesOf[kind].map((part) => `${variablePrefix(name)}_${part}`),
  );
}

const variablesOf: Readonly<Record<(typeof sections)[number], readonly string[]>> = {
  buckets: ["BUCKET"],
};
