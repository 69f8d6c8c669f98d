import type * as pulumi from "@pulumi/pulumi";
import { ResourceError } from "@pulumi/pulumi/errors";

/** One thing wrong with the arguments of a component. */
export interface Fault {
  /** The argument, as a path: `scaling.max`. */
  readonly path: string;
  readonly given: unknown;
  readonly allowed: string;
  readonly fix: string;
}

export function isWhole(given: number, least: number, most: number): boolean {
  return Number.isInteger(given) && given >= least && given <= most;
}

/** Of `retentionDays`: whole days, at least one. */
export function retentionFaults(given: number): Fault[] {
  if (isWhole(given, 1, Infinity)) return [];
  const allowed = "whole days, 1 or more";
  return [{ path: "retentionDays", given, allowed, fix: "name a whole number of days" }];
}

/**
 * Refuses a component's arguments, all faults at once.
 * @throws pulumi.ResourceError on the component when there is a fault.
 */
export function refuse(
  resource: pulumi.Resource,
  component: string,
  faults: readonly Fault[],
): void {
  if (faults.length === 0) {
    return;
  }
  const lines = faults.map(
    ({ path, given, allowed, fix }) =>
      `${component} ${path}: given ${JSON.stringify(given) ?? "nothing"}; allowed: ${allowed}; ${fix}`,
  );
  throw refusal(lines.join("\n"), resource);
}

/**
 * An error of a resource that is told by its message alone. Pulumi would print the whole resource below, with each of its
 * outputs, and where a lookup needed the value also the calls that led here.
 */
export function refusal(message: string, resource: pulumi.Resource): pulumi.ResourceError {
  const hideStack = true;
  const error = new ResourceError(message, resource, hideStack);
  error.stack = `${error.name}: ${message}`;
  return error;
}
