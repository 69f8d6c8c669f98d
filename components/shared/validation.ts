import * as pulumi from "@pulumi/pulumi";

/** One thing wrong with the arguments of a component. */
export interface Fault {
  /** The argument, as a path: `scaling.max`. */
  readonly path: string;
  readonly given: unknown;
  readonly allowed: string;
  readonly mend: string;
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
    ({ path, given, allowed, mend }) =>
      `${component} ${path}: given ${JSON.stringify(given) ?? "nothing"}; allowed: ${allowed}; ${mend}`,
  );
  throw new pulumi.ResourceError(lines.join("\n"), resource);
}
