import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi/errors";
import type { EnvironmentNames } from "../contract/names";

/**
 * An update of an environment that sleeps would start the tasks of services that are new or replaced, of others after a refresh, and
 * of the rest none. A preview is warned of it alone: that changes nothing.
 * @param found what stands beside the release pointer, and the pointer.
 * @throws RunError where it sleeps and is not previewed, before anything is registered.
 */
export async function refuseAsleep(
  { sleepMarker }: Pick<EnvironmentNames, "sleepMarker">,
  { names, values }: Pick<aws.ssm.GetParametersByPathResult, "names" | "values">,
): Promise<void> {
  const index = names.indexOf(sleepMarker);
  if (index < 0) return;
  const stack = pulumi.getStack();
  const why =
    `${stack} is ${values[index]}: an update would start tasks of some services, and leave others without. ` +
    `Wake it first: gantry wake --stack ${stack}`;
  if (!pulumi.runtime.isDryRun()) throw new RunError(`${why}. Nothing was changed.`);
  await pulumi.log.warn(`${why}. Until then pulumi up is refused.`);
}
