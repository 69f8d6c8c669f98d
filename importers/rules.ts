import type { Path } from "../stacks/config/path";
import type { Draft } from "./draft";
import { lost, notKnown, otherWay, same, type Outcome } from "./outcome";
import { below, leaves, plainValue, type SourceNode } from "./source";

/** Where a rule is applied. */
export interface At {
  readonly node: SourceNode;
  /** The node as plain values, with everything resolved that the origin would resolve. */
  readonly value: unknown;
  /** What the wildcards of the pattern stand for. */
  readonly names: readonly string[];
  readonly service: string;
  readonly draft: Draft;
  /** What another field of the same table says, resolved as well. @throws Unresolved */
  readonly beside: (...keys: string[]) => unknown;
  /** Writes below the service, and says that the field is the same there. */
  readonly set: (path: Path, value: unknown) => Outcome;
  /** Takes the service out of the config, and says so. */
  readonly leaveOut: (why: string, fix: string) => Outcome;
}

/**
 * What becomes of a field. Undefined: nothing is said of this shape of it, and the fields below are looked up
 * by themselves.
 */
export type Rule = (at: At) => Outcome | undefined;

/**
 * Rules by field: `http.path`; `*` stands for any one key or index, and `**` at the end for the field and everything
 * below it.
 */
export type Table = Readonly<Record<string, Rule>>;

/** A field that is lost, whatever it says. */
export function isLost(why: string, fix: string): Rule {
  return () => lost(why, fix);
}

/** A field that Gantry does another way, whatever it says. */
export function isOtherWay(how: string): Rule {
  return () => otherWay(how);
}

/** A field that has another name in Gantry's config. */
export function becomes(
  path: string,
  convert: (value: unknown) => unknown = (value) => value,
): Rule {
  return ({ value, set }) => {
    const converted = convert(value);
    return converted === undefined
      ? lost("not a value that it can have", `set ${path} of the service yourself`)
      : set(path.split("."), converted);
  };
}

interface Where {
  readonly service: string;
  readonly draft: Draft;
  /** What the origin puts in place of `${...}`. @throws Unresolved */
  readonly resolve: (text: string) => string;
}

/** A text has a variable that nobody knows here. */
export class Unresolved extends Error {
  constructor(
    message: string,
    readonly fix = "write its value into the config yourself",
  ) {
    super(message);
  }
}

/** Applies a table to everything below a node. Every single value gets an outcome: by a rule, or `lost: not known`. */
export function applyTable(table: Table, root: SourceNode, where: Where): void {
  const patterns = Object.entries(table).map(([pattern, rule]) => ({
    parts: pattern.split("."),
    rule,
  }));
  // The more literal pattern goes first.
  patterns.sort((a, b) => stars(a.parts) - stars(b.parts) || b.parts.length - a.parts.length);
  const visit = (node: SourceNode, keys: readonly string[]): void => {
    for (const { parts, rule } of patterns) {
      const names = matches(parts, keys);
      if (names === undefined) continue;
      const outcome = applied(rule, node, names, root, where);
      if (outcome === undefined) continue;
      for (const leaf of leaves(node)) where.draft.outcomes.mark(leaf, outcome);
      return;
    }
    if (node.children === undefined || node.children.size === 0) {
      const outcome = node.value === null ? otherWay("it is empty, and says nothing") : notKnown;
      where.draft.outcomes.mark(node, outcome);
      return;
    }
    for (const [key, child] of node.children) visit(child, [...keys, key]);
  };
  for (const [key, child] of root.children ?? []) visit(child, [key]);
}

function applied(
  rule: Rule,
  node: SourceNode,
  names: readonly string[],
  root: SourceNode,
  where: Where,
) {
  const { service, draft, resolve } = where;
  try {
    return rule({
      ...{ node, names, service, draft },
      // Only for who asks: most fields that are lost may say what they like.
      get value() {
        return resolved(plainValue(node), resolve);
      },
      beside: (...keys) => {
        const other = below(root, ...keys);
        return other && resolved(plainValue(other), resolve);
      },
      set: (path, value) => {
        const whole = ["services", service, ...path];
        draft.set(whole, value, node);
        return same(`services.${[service, ...path].join(".")}`);
      },
      leaveOut: (why, fix) => {
        draft.leaveOut(service, why, fix);
        return lost(why, fix);
      },
    });
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
    // One field of a map takes none of its neighbours along: each is looked up by itself.
    if (node.children?.size && !node.isList) return undefined;
    return lost(error.message, error.fix);
  }
}

/** @throws Unresolved */
function resolved(value: unknown, resolve: (text: string) => string): unknown {
  if (typeof value === "string") return resolve(value);
  if (Array.isArray(value)) return value.map((each) => resolved(each, resolve));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, resolved(each, resolve)]),
  );
}

/** What the wildcards stand for; undefined where the pattern does not match. */
export function matches(parts: readonly string[], keys: readonly string[]): string[] | undefined {
  const open = parts.at(-1) === "**";
  const fixed = open ? parts.slice(0, -1) : parts;
  if (open ? keys.length < fixed.length : keys.length !== fixed.length) return undefined;
  const names: string[] = [];
  for (const [index, part] of fixed.entries()) {
    if (part === "*") names.push(keys[index]);
    else if (part !== keys[index]) return undefined;
  }
  return names;
}

function stars(parts: readonly string[]): number {
  return parts.filter((part) => part.startsWith("*")).length;
}
