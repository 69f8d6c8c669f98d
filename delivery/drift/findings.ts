import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { shortType } from "../engine/changes";
import type { ReadBack, ReadResource, UnreadResource } from "../engine/readBack";
import { propertyChanges, type PropertyChange } from "../preview/properties";
import { partTexts } from "../preview/values";
import { addedRules } from "./addedRules";
import { addedPolicies } from "./addedPolicies";

/** One thing in which an environment differs from what was last applied. */
export interface Finding {
  /** The same in every check that finds it, whatever its value. */
  readonly id: string;
  readonly urn: string;
  /** As Pulumi shows it: `aws:ecs:Service`. */
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  /** As AWS calls it: a name, an id or an ARN. */
  readonly resourceId: string;
  readonly what: "changed" | "gone" | "added";
  /** Such as `tags.by`, or of what was added what it is: `ingress rule`. Absent where the resource is gone. */
  readonly property?: string;
  /** What config said when it was last applied. Absent where it said nothing. Secrets and variables are not told. */
  readonly stated?: string;
  /** What is there. Absent where nothing is. */
  readonly found?: string;
}

/** A resource that no finding can be of, since it was not read. */
export interface NotCompared {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly reason: string;
}

/** Something that no resource of the stack is, on one that is. */
export interface Addition {
  readonly of: ReadResource;
  readonly property: string;
  readonly found: string;
}

/** A resource of the state, read or not. */
export type Stated = Pick<ReadResource, "type" | "inputs" | "outputs">;

/** What a stack differs in. @param more what was added beside it, and is in no output of a resource. */
export function findingsOf(
  { resources, unread }: ReadBack,
  more: readonly Addition[] = [],
): Finding[] {
  // What was not read makes its rule or policy all the same.
  const stated = [...resources, ...unread];
  const added = [...addedRules(resources, stated), ...addedPolicies(resources, stated), ...more];
  const findings = [
    ...resources.flatMap((resource) => differences(resource)),
    ...added.map(({ of, property, found }) => ({
      ...base(of),
      id: idOf(of.urn, "added", `${property} ${found}`),
      what: "added" as const,
      ...{ property, found },
    })),
  ];
  return findings.sort((a, b) => compare(a.type, b.type) || compare(a.name, b.name));
}

export function notCompared(unread: readonly UnreadResource[]): NotCompared[] {
  return unread.map(({ urn, type, name, reason }) => ({
    ...{ urn, type: shortType(type), name, reason },
  }));
}

/** The same for two checks that found the same, values included. */
export function fingerprintOf(findings: readonly Finding[]): string {
  const told = findings.map(({ id, stated, found }) => [id, stated ?? null, found ?? null]);
  return hashOf(JSON.stringify(told));
}

function differences(resource: ReadResource): Finding[] {
  const { urn, found } = resource;
  if (found === "asStated") return [];
  if (found === "gone") return [{ ...base(resource), id: idOf(urn, "gone"), what: "gone" }];
  return propertiesOf(resource).map(({ property, from, to }): Finding => ({
    ...base(resource),
    id: idOf(urn, "changed", property),
    what: "changed" as const,
    property,
    ...(from === undefined ? {} : { stated: from }),
    ...(to === undefined ? {} : { found: to }),
  }));
}

/** The parts that an update would put back. */
function propertiesOf(resource: ReadResource): PropertyChange[] {
  const roots = [...new Set(resource.properties.map(rootOf))];
  // `tagsAll` repeats the tags.
  const own = roots.filter((root) => root !== "tagsAll" || !roots.includes("tags"));
  return own.flatMap((root) => partsOf(resource, root));
}

/**
 * Among its inputs a provider tells what config gave, as it is now; what was added to that is among the outputs alone, beside
 * much that nobody gave.
 */
function partsOf({ urn, type, name, ...resource }: ReadResource, root: string): PropertyChange[] {
  const { properties, inputs, foundInputs, outputs } = resource;
  const isAmongInputs = root in foundInputs && !isDeepStrictEqual(foundInputs[root], inputs[root]);
  const within = properties.filter((path) => rootOf(path) === root && path !== root);
  const parts =
    isAmongInputs || within.length === 0
      ? propertyChanges({
          ...{ urn, type, name, op: "update", properties: [root] },
          oldInputs: { [root]: inputs[root] },
          newInputs: { [root]: isAmongInputs ? foundInputs[root] : outputs[root] },
        })
      : within.map((path) => ({
          property: path,
          ...partTexts({ path, before: valueAt(inputs, path), after: valueAt(outputs, path) }),
        }));
  // The provider says that they differ, which their texts do not show.
  return parts.length > 0 ? parts : [{ property: root, from: "set", to: "another value" }];
}

/** The value at a path of the engine's, such as `tags.by`, `tags["cost center"]` or `ingress[0].fromPort`. */
function valueAt(values: unknown, path: string): unknown {
  const keys = [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, plain]) => quoted ?? index ?? plain,
  );
  return keys.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Readonly<Record<string, unknown>>)[key]
        : undefined,
    values,
  );
}

function rootOf(path: string): string {
  return path.split(/[.[]/)[0];
}

function base({ urn, type, name, id }: ReadResource) {
  return { urn, type: shortType(type), name, resourceId: id };
}

function idOf(urn: string, what: Finding["what"], property = ""): string {
  return hashOf(`${urn}\n${what}\n${property}`);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
