import * as pulumi from "@pulumi/pulumi";
import { ConfigError, type EnvironmentConfig, type Fault } from "../config";
import type { Collected } from "../protection";
import type { ResourcesFunction } from "../resources";
import { resourcesContext, type Ground } from "./context";
import { ResourcesError } from "./error";
import { namedIn, namesOfNothing, unknownNames } from "./named";
import { withOwnResources } from "./protection";
import { readReturned, type Returned } from "./returned";

/**
 * Refuses names of own resources in a program that makes none.
 * @throws ConfigError before anything is registered.
 */
export function refuseNamesOfNothing(config: EnvironmentConfig): void {
  const faults = namesOfNothing(namedIn(config));
  if (faults.length > 0) throw new ConfigError(config.stack, faults);
}

/**
 * Makes a team's own resources, before the services that take what they return.
 * @throws ResourcesError with every fault of what was returned, and every name in config that it has not; before anything of
 *   a service is registered.
 */
export async function makeOwnResources(
  make: ResourcesFunction,
  ground: Ground,
  collected: Collected,
): Promise<Returned> {
  const { config } = ground;
  const made: unknown = await withOwnResources(collected, config.protection, () =>
    make(resourcesContext(ground)),
  );
  const faults: Fault[] = [];
  const returned = readReturned(made, (fault) => faults.push(fault));
  // What is faulty itself is not missing as well.
  const unread = new Set(faults.map(({ path }) => path.split(/[.[]/).slice(0, 3).join(".")));
  const missing = namedIn(config).filter(
    ({ kind, from }) =>
      !["resources", `resources.${kind}`, `resources.${kind}.${from}`].some((path) =>
        unread.has(path),
      ),
  );
  faults.push(...unknownNames(missing, returned));
  if (faults.length > 0) throw new ResourcesError(config.stack, faults);
  await warnOfRisks(returned);
  return returned;
}

/** What is wider than most need is said aloud, as config's is. */
async function warnOfRisks({ grants, lookups }: Returned): Promise<void> {
  const all = [
    ...Object.entries(grants).flatMap(([name, each]) =>
      each.map((grant) => [`grants.${name}`, grant] as const),
    ),
    ...lookups.map((lookup) => ["lookups", lookup] as const),
  ];
  for (const [path, { actions, resources, because }] of all) {
    if (because === undefined) continue;
    const on = resources.map((one) => (typeof one === "string" ? one : "an output")).join(", ");
    await pulumi.log.warn(`resources.${path}: ${actions.join(", ")} on ${on}, because ${because}`);
  }
}
