import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../contract/record";
import { unknownValue } from "../engine/changes";
import { asJson } from "../issues";
import { isVariable, shown } from "../plan/differences";

/** A place in a property at which its two versions differ. */
export interface Part {
  /** Such as `healthCheck.path`, `subnets[1]`, `policy.Statement[ReadsState].Action[0]` or `command[--level]`. */
  readonly path: string;
  /** Undefined where nothing was there. */
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Where two versions of a value differ: of objects and of texts that are JSON by their keys; of lists by what their elements are
 * called, else by their places. What comes or goes as a whole is one part. None where they say the same, though in other words.
 */
export function differingParts(path: string, before: unknown, after: unknown): Part[] {
  if (isVariableAt(path)) return isDeepStrictEqual(before, after) ? [] : [{ path, before, after }];
  const [old, now] = alike(structure(before), structure(after));
  if (isDeepStrictEqual(old, now)) return [];
  if (isRecord(old) && isRecord(now)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
    return keys.flatMap((key) => differingParts(`${path}.${key}`, old[key], now[key]));
  }
  if (Array.isArray(old) && Array.isArray(now)) return elementParts(path, old, now);
  return [{ path, before, after }];
}

/** Whether a program's variable is at a path, in resources of any kind; a build's image or size under `environment` is none. */
export function isVariableAt(path: string): boolean {
  const names = /(?:^|\.)(?:environment\[|environmentVariables[.[]|variables[.[])/i;
  return isVariable(path) || names.test(path);
}

/** What a text says where it is JSON of an object or a list; else the value itself. */
export function structure(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return value;
  return asJson(value) ?? value;
}

/** An object that comes or goes is told by its keys, and one value beside a list is a list of one, as in policies. */
function alike(old: unknown, now: unknown): [unknown, unknown] {
  const isSingle = (value: unknown) =>
    value !== undefined && value !== unknownValue && !isRecord(value);
  if (isRecord(now) && old === undefined) return [{}, now];
  if (isRecord(old) && now === undefined) return [old, {}];
  if (Array.isArray(now) && isSingle(old)) return [[old].flat(), now];
  if (Array.isArray(old) && isSingle(now)) return [old, [now].flat()];
  return [old, now];
}

function elementParts(path: string, old: readonly unknown[], now: readonly unknown[]): Part[] {
  const before = labelled(old);
  const after = labelled(now);
  const isNamed = before !== undefined && after !== undefined;
  const [gone, come] = isNamed ? [before, after] : unequal(old, now);
  const labels = [...new Set([...gone.keys(), ...come.keys()])];
  const parts = labels.flatMap((label) => {
    const place = `${path}[${label}]`;
    const isBoth = gone.has(label) && come.has(label);
    return isBoth
      ? differingParts(place, gone.get(label), come.get(label))
      : [{ path: place, before: gone.get(label), after: come.get(label) }];
  });
  if (parts.length > 0) return parts;
  // Nothing but their order.
  return [
    { path, before: isNamed ? [...gone.keys()] : old, after: isNamed ? [...come.keys()] : now },
  ];
}

/** What elements of a list are told apart by: of policies, containers and their parts, rules of lifecycles, filters. */
const labels = ["Sid", "name", "Name", "id", "Id", "ID", "key", "Key", "rulePriority"];

/** The elements by what they are called; undefined where they are called nothing, or two of them the same. */
function labelled(list: readonly unknown[]): ReadonlyMap<string, unknown> | undefined {
  for (const label of labels) {
    const names = list.flatMap((element) => {
      const name = isRecord(element) ? element[label] : undefined;
      return typeof name === "string" || typeof name === "number"
        ? [shown(String(name)) ?? ""]
        : [];
    });
    if (names.length === list.length && new Set(names).size === list.length) {
      return new Map(names.map((name, index) => [name, list[index]]));
    }
  }
  return undefined;
}

/** What one list has and the other has not, by its place, or by the option before it: what is equal has only moved. */
function unequal(
  old: readonly unknown[],
  now: readonly unknown[],
): [Map<string, unknown>, Map<string, unknown>] {
  const left = [...now];
  const gone = new Map<string, unknown>();
  old.forEach((element, index) => {
    const found = left.findIndex((other) => other !== taken && isDeepStrictEqual(other, element));
    if (found < 0) gone.set(placeOf(old, index), element);
    else left[found] = taken;
  });
  const come = new Map<string, unknown>();
  left.forEach((element, index) => {
    if (element !== taken) come.set(placeOf(now, index), element);
  });
  return [gone, come];
}

const taken = Symbol("taken");

/** The value of an option bears the option's name: `[--level]`, where no other bears the same. */
function placeOf(list: readonly unknown[], index: number): string {
  const option = optionBefore(list, index);
  const isOnly = list.filter((word) => word === option).length === 1;
  return option !== undefined && isOnly ? option : String(index);
}

/** The option whose value a word is, such as `--level`. */
export function optionBefore(words: readonly unknown[], index: number): string | undefined {
  const word = words[index - 1];
  return typeof word === "string" && /^--[\w-]+$/.test(word) ? word : undefined;
}
