import reference from "./serviceAuthorization.json";

/**
 * Whether AWS grants an action on every resource (`*`) alone, and has nothing narrower. Source and what is left out: see
 * the data. An action that is newer than that is none of them: whoever grants it says why.
 */
export function takesNoResource(action: string): boolean {
  return names().has(action.toLowerCase());
}

/**
 * What the reference has a resource for that is of a part of its requests alone: a dataset is what OTLP sends to. Metrics are
 * on * ("Amazon CloudWatch permissions reference", CloudWatch user guide); the condition key cloudwatch:namespace narrows what puts them.
 */
const ofSomeRequests = ["GetMetricData", "ListMetrics", "PutMetricData"].map(
  (name) => `cloudwatch:${name}`,
);

let read: ReadonlySet<string> | undefined;

/** Read where it is asked for first: few stacks have permissions on everything. */
function names(): ReadonlySet<string> {
  read ??= new Set(
    Object.entries(reference.actions)
      .flatMap(([service, actions]) => actions.split(" ").map((action) => `${service}:${action}`))
      .concat(ofSomeRequests)
      .map((action) => action.toLowerCase()),
  );
  return read;
}
