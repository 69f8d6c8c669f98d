import type * as pulumi from "@pulumi/pulumi";

export interface LogPlace {
  readonly logGroupName: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
}

/** `logConfiguration` of a container: its streams are called `<container>/<container>/<task>`. */
export function awslogs(container: string, { logGroupName, region }: LogPlace) {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": logGroupName,
      "awslogs-region": region,
      "awslogs-stream-prefix": container,
      // The service keeps serving while CloudWatch does not answer; past the buffer, lines are lost.
      mode: "non-blocking",
      "max-buffer-size": "25m",
    },
  };
}

/** `environment` of a container definition, in a fixed order, so that equal input is no change. */
export function variablesOf(environment: Readonly<Record<string, pulumi.Input<string>>>) {
  return sortedByName(Object.entries(environment).map(([name, value]) => ({ name, value })));
}

export function sortedByName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  return [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
