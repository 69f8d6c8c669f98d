import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../contract/record";
import { secretIn } from "../../stacks/config/secretValues";
import { unknownValue, type PlannedChange } from "../engine/changes";
import { flattened, isVariable, shown, unseen } from "../plan/differences";

/** A property of a resource that changes. */
export interface PropertyChange {
  /** Such as `cpu`, `healthCheck.path`, or of a container `app.portMappings`. */
  readonly property: string;
  /** Short texts; undefined where there is none. Of a variable or a secret no value, but `set` or `another value`. */
  readonly from?: string;
  readonly to?: string;
}

type Values = Readonly<Record<string, unknown>>;

/** What Pulumi's events have in place of a secret. */
const secret = "[secret]";

/** Documents that are told statement by statement, as rights. */
const policies = ["policy", "assumeRolePolicy"];

/** Where the inputs of a task definition have its containers: JSON, variables and all. */
const containers = "containerDefinitions";

/**
 * The properties that change, each with its value before and after. Values of variables and secrets are not told, and what
 * looks like a secret neither.
 */
export function propertyChanges(change: PlannedChange): PropertyChange[] {
  const [before, after] = comparable(change.oldInputs, change.newInputs);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changes = keys
    .filter((key) => !isDeepStrictEqual(before[key], after[key]))
    .map((property) => ({ property, ...difference(property, before[property], after[property]) }));
  // Two secrets look the same here: that one of them changes is what the engine says.
  const seen = new Set(changes.map(({ property }) => root(property)));
  const hidden = [...new Set(change.properties.map(root))].filter(
    (property) => !seen.has(property) && hasSecret(change.newInputs[property]),
  );
  return [
    ...changes,
    ...hidden.map((property) => ({ property, from: "set", to: "another value" })),
  ];
}

function difference(property: string, before: unknown, after: unknown) {
  if (after === unknownValue) {
    return { from: text(before), to: "known after the update" };
  }
  if (
    isVariable(property) ||
    policies.includes(property) ||
    hasSecret(before) ||
    hasSecret(after)
  ) {
    return unseen(before, after);
  }
  return { from: text(before), to: text(after) };
}

/** Short text of a value that may be told. */
function text(value: unknown): string | undefined {
  const whole = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  if (secretIn(whole) !== undefined || hasSecret(value)) return "set";
  if (value === unknownValue) return "known after the update";
  return shown(value)?.replaceAll(unknownValue, "...");
}

function hasSecret(value: unknown): boolean {
  return (JSON.stringify(value) ?? "").includes(secret);
}

/** Both sides property by property; containers as a whole where one side is not known. */
function comparable(before: Values, after: Values): [Values, Values] {
  if (before[containers] !== unknownValue && after[containers] !== unknownValue) {
    return [nested(flattened(before)), nested(flattened(after))];
  }
  const whole = (inputs: Values): Values => ({
    ...nested({ ...inputs, [containers]: undefined }),
    ...(inputs[containers] === undefined
      ? {}
      : { [containers]: inputs[containers] === unknownValue ? unknownValue : "set" }),
  });
  return [whole(before), whole(after)];
}

/** Objects by their properties; lists as they are. What the provider adds for itself is left out, and tags that it repeats. */
function nested(values: Values, prefix = ""): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]): [string, unknown][] => {
      if (value === undefined || key.startsWith("__") || (prefix === "" && key === "tagsAll"))
        return [];
      const path = `${prefix}${key}`;
      return isRecord(value) ? Object.entries(nested(value, `${path}.`)) : [[path, bare(value)]];
    }),
  );
}

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, inner]) => [key, bare(inner)]),
  );
}

function root(path: string): string {
  return path.split(/[.[]/)[0];
}
