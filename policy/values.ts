/** Stands for a value that only AWS knows, and has not been asked for yet: in previews. No rule finds fault with it. */
export const notKnown = Symbol("not known");

export type Properties = Readonly<Record<string, unknown>>;

/**
 * A copy of what Pulumi hands to a policy, in which `notKnown` stands where reading throws. The policy SDK gives up a whole
 * rule at the first value that a preview does not know; so a rule still judges what is known beside it.
 */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, i) => read(value, i));
  if (typeof value !== "object" || value === null) return value;
  // Files and archives, whose contents no rule reads.
  if (Object.getPrototypeOf(value) !== Object.prototype) return notKnown;
  return Object.fromEntries(Object.keys(value).map((key) => [key, read(value, key)]));
}

function read(of: object, key: string | number): unknown {
  let value: unknown;
  try {
    value = (of as Record<string | number, unknown>)[key];
  } catch {
    return notKnown;
  }
  return plain(value);
}

/** What stands at a path; `notKnown` as soon as something on the way is not known, undefined where nothing is. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of path) {
    if (found === notKnown) return notKnown;
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found;
}

/** The members of a list; a single value is a list of one, and what is absent or not known has none. */
export function items(value: unknown): readonly unknown[] {
  if (value === notKnown || isAbsent(value)) return [];
  return Array.isArray(value) ? value : [value];
}

export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

export function isOn(value: unknown): boolean {
  return value === true || value === "true";
}

/** Whether a switch is known to be off: where it is not given, too. */
export function isOff(value: unknown): boolean {
  return value !== notKnown && !isOn(value);
}

/** Whether nothing is there, and a preview knows that. */
export function isEmpty(value: unknown): boolean {
  return value !== notKnown && items(value).length === 0;
}

/** A number, also where it is written as text; undefined of everything else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** JSON that stands in a text, or what it means already; undefined where it is not known or no JSON. */
export function json(value: unknown): unknown {
  if (typeof value !== "string") return value === notKnown ? undefined : value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}
