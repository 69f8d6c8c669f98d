import { isDeepStrictEqual } from "node:util";
import { counted } from "../../contract/counted";
import { isRecord } from "../../contract/record";
import { unknownValue, type PlannedChange } from "../engine/changes";
import { flattened, shown } from "../plan/differences";
import { differingParts } from "./parts";
import { hasSecret, partTexts } from "./values";

/** A part of a property of a resource that changes. */
export interface PropertyChange {
  /** Such as `cpu`, `healthCheck.path`, `policy.Statement[ReadsState].Action[0]`, or of a container `app.command[1]`. */
  readonly property: string;
  /** Short texts; undefined where there is none. Of a variable or a secret no value, but `set` or `another value`. */
  readonly from?: string;
  readonly to?: string;
}

type Values = Readonly<Record<string, unknown>>;

/** Where the inputs of a task definition have its containers: JSON, variables and all. */
const containers = "containerDefinitions";

/** Parts of one property that are told one by one; a comment is read by people. */
const mostParts = 20;

/**
 * The properties that change, each with its value before and after: of objects, lists and JSON the parts that differ. Values
 * of variables and secrets are not told, and what looks like a secret neither.
 */
export function propertyChanges(change: PlannedChange): PropertyChange[] {
  const [before, after] = comparable(change.oldInputs, change.newInputs);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changes = keys
    .filter((key) => !isDeepStrictEqual(before[key], after[key]))
    .flatMap((key) => changesOf(key, before[key], after[key]));
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

function changesOf(property: string, before: unknown, after: unknown): PropertyChange[] {
  const parts = differingParts(property, before, after);
  // JSON in another order of keys, or a list of one in place of its only value.
  if (parts.length === 0) return [{ property, from: "set", to: "the same, written another way" }];
  const told = parts.slice(0, mostParts).map((part) => ({
    property: shown(part.path) ?? property,
    ...partTexts(part),
  }));
  const rest = parts.length - told.length;
  if (rest === 0) return told;
  return [
    ...told,
    { property: `${property}, ${counted(rest, "more part")}`, from: "set", to: "others" },
  ];
}

/** Both sides by their properties, containers by their names; containers as a whole where one side is not known. */
function comparable(before: Values, after: Values): [Values, Values] {
  if (before[containers] !== unknownValue && after[containers] !== unknownValue) {
    return [own(flattened(before)), own(flattened(after))];
  }
  const whole = (inputs: Values): Values => ({
    ...own(inputs),
    ...(inputs[containers] === undefined
      ? {}
      : { [containers]: inputs[containers] === unknownValue ? unknownValue : "set" }),
  });
  return [whole(before), whole(after)];
}

/** Without what the provider adds for itself, and the tags that it repeats. */
function own(inputs: Values): Values {
  return bare({ ...inputs, tagsAll: undefined }) as Values;
}

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !key.startsWith("__") && inner !== undefined)
      .map(([key, inner]) => [key, bare(inner)]),
  );
}

function root(path: string): string {
  return path.split(/[.[]/)[0];
}
