import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { describeChange } from "../engine/infrastructure";
import { unknownValue, type PlannedChange } from "../engine/changes";
import { DeliveryError } from "../errors";

const diffSchema = z.looseObject({
  adds: z.record(z.string(), z.unknown()).optional(),
  updates: z.record(z.string(), z.unknown()).optional(),
  deletes: z.array(z.string()).optional(),
});

const planSchema = z.looseObject({
  resourcePlans: z.record(
    z.string(),
    z.looseObject({
      steps: z.array(z.string()).nullish(),
      goal: z.looseObject({ inputDiff: diffSchema.optional() }).nullish(),
    }),
  ),
});

/** Pulumi's own plan file, as far as delivery reads it. */
export type SavedPlan = z.infer<typeof planSchema>;

/**
 * Refuses what the approved plan does not say.
 * @param changes what is left to do.
 * @throws DeliveryError naming each change that is not in the plan.
 */
export async function refuseBeyondPlan(
  planFile: string,
  changes: readonly PlannedChange[],
): Promise<void> {
  const plan = await readPlan(planFile);
  const beyond = changes.filter((change) => !isPlanned(plan, change));
  if (beyond.length > 0) {
    throw new DeliveryError(
      "what is left of the update is not what was approved. Plan again: have the pipeline begin anew (gantry deploy <release>).",
      beyond.map(describeChange),
    );
  }
}

/** Whether a plan has a change: the resource, each property, and its value where the plan knows it. */
export function isPlanned({ resourcePlans }: SavedPlan, change: PlannedChange): boolean {
  const planned = resourcePlans[change.urn];
  const steps = planned?.steps ?? [];
  const diff = planned?.goal?.inputDiff;
  if (!diff || steps.length === 0 || steps.every((step) => step === "same")) {
    return false;
  }
  const values = { ...diff.adds, ...diff.updates };
  return change.properties.every((path) => {
    const [property] = path.split(/[.[]/);
    if (!Object.hasOwn(values, property)) {
      return diff.deletes?.includes(property) ?? false;
    }
    const value = values[property];
    return value === unknownValue || isDeepStrictEqual(value, change.newInputs[property]);
  });
}

async function readPlan(planFile: string): Promise<SavedPlan> {
  try {
    return planSchema.parse(JSON.parse(await readFile(planFile, "utf8")));
  } catch (error) {
    throw new DeliveryError(`${planFile} is not a plan of Pulumi. Plan again.`, [], {
      cause: error,
    });
  }
}
