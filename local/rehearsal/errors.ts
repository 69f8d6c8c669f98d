/** Why an action of a pipeline failed, as the pipeline would say it: no trace is shown. */
export class ActionError extends Error {}

/** What a person needs of an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
