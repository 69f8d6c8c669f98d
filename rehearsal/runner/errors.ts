/** Why an action of a pipeline failed, as the pipeline would say it: no trace is shown. */
export class ActionError extends Error {}
