import type { PlannedChange } from "../../../delivery/engine";
import { plainText } from "../../../delivery/preview/markdown";
import { told, type Phrase } from "../../../delivery/preview/phrase";

type Values = Readonly<Record<string, unknown>>;

/** A change of a resource, as the engine plans it. */
export function aChange(
  op: PlannedChange["op"],
  type: string,
  name: string,
  oldInputs: Values = {},
  newInputs: Values = {},
  more: Partial<PlannedChange> = {},
): PlannedChange {
  const urn = `urn:pulumi:staging::shop::${type}::${name}`;
  return { urn, type, name, op, properties: [], oldInputs, newInputs, ...more };
}

export function texts(phrases: readonly Phrase[]): string[] {
  return phrases.map((phrase) => told(phrase, plainText));
}

/** A policy of IAM with these statements. */
export function aPolicy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

export const taskType = "aws:ecs/taskDefinition:TaskDefinition";

/** The inputs of a task definition with these containers. */
export function aTask(...containers: readonly object[]): Values {
  return { containerDefinitions: JSON.stringify(containers) };
}
