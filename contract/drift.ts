import { z } from "zod";

/** Where the last check for drift stands in the ledger's table: a partition of its own, the only one that the check writes. */
export const driftKey = { pk: { S: "drift" }, sk: { S: "drift" } } as const;

/** Metrics of a check that came to its end, in CloudWatch, with the environment's prefix as the only dimension. */
export const driftMetrics = {
  namespace: "Gantry/Drift",
  /** Such as `shop--production`. */
  dimension: "Environment",
  /** How many resources differ. */
  resources: "Resources",
  /** How many could not be compared. */
  notCompared: "NotCompared",
} as const;

/**
 * What a check that a schedule starts knows of its environment: it has no source. None of this changes with a release.
 */
const checkedSchema = z.object({
  /** The Pulumi project. */
  project: z.string(),
  /** The product, as in `gantry:name`. */
  name: z.string(),
  region: z.string(),
  /** Of the Pulumi service that has the stack. Default: the token's. */
  organization: z.string().optional(),
  /** ARN of the topic that people are told by. Default: nobody is told. */
  topicArn: z.string().optional(),
  /** Whether CodePipeline's ECS action deploys, which Pulumi is not told of. */
  byEcsAction: z.boolean().optional(),
});

export type CheckedEnvironment = Readonly<z.output<typeof checkedSchema>>;

export function checkedText(environment: CheckedEnvironment): string {
  return JSON.stringify(environment);
}

/** @returns undefined where the text is none of {@link checkedText}. */
export function parseChecked(text: string): CheckedEnvironment | undefined {
  try {
    return checkedSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
