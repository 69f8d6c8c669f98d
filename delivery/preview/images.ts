import { unknownValue, type PlannedChange } from "../engine/changes";
import { flattened, shown } from "../plan/differences";
import { say, type Phrase } from "./phrase";

export interface ImageChange {
  readonly what: Phrase;
  /** Whether only the update makes known which image runs. */
  readonly isUnknown: boolean;
}

/** Which images run before and after, container by container. None where they stay as they are. */
export function imageChanges(change: PlannedChange): ImageChange[] {
  if (!change.type.endsWith(":TaskDefinition")) return [];
  // Containers are known as a whole or not at all: a new log group, or a value of an own resource that is new, hides the image.
  if (change.newInputs.containerDefinitions === unknownValue) {
    const what = say`${change.name}: known after the update, which makes something that its containers name`;
    return [{ what, isUnknown: true }];
  }
  return knownChanges(change).map((what) => ({ what, isUnknown: false }));
}

function knownChanges({ op, name, oldInputs, newInputs }: PlannedChange): Phrase[] {
  const before = op === "create" ? {} : imagesOf(oldInputs);
  const after = op === "delete" ? {} : imagesOf(newInputs);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((container) => before[container] !== after[container])
    .map((container) => {
      const where = `${name} ${container}`;
      const [from, to] = [shown(before[container]), shown(after[container])];
      if (from === undefined) return say`${where} runs ${to ?? "none"}`;
      if (to === undefined) return say`${where} runs ${from} no more`;
      return say`${where}: ${from} → ${to}`;
    });
}

function imagesOf(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(flattened(inputs)).flatMap(([key, value]) =>
      key.endsWith(".image") ? [[key.slice(0, -".image".length), value] as const] : [],
    ),
  );
}
