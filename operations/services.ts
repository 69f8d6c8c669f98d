import { DeliveryError } from "../delivery/errors";
import type { Target } from "../delivery/target";
import { meantHint } from "../stacks/config/nearest";

/** `hosted`: ECS keeps it running. `job`: it runs now and then. */
export type ServiceSort = "hosted" | "job";

/**
 * The services that a command is for, in the order of config.
 * @param given as they were typed; none for all of them.
 * @param sort default: both.
 * @throws DeliveryError where one is none of the environment's, with the nearest that is.
 */
export function servicesMeant(
  { config, stack }: Pick<Target, "config" | "stack">,
  given: readonly string[],
  sort?: ServiceSort,
): string[] {
  const known = Object.entries(config.services)
    .filter(([, { kind }]) => sort === undefined || (kind === "job") === (sort === "job"))
    .map(([name]) => name);
  const what = sort === "job" ? "job" : "service";
  for (const one of given) {
    if (known.includes(one)) continue;
    const has = known.length > 0 ? `its ${what}s are ${known.join(", ")}` : "it has none";
    const hint = meantHint(one, known, " ");
    throw new DeliveryError(`${stack} has no ${what} ${one}: ${has}.${hint} Nothing was done.`);
  }
  return given.length === 0 ? known : known.filter((name) => given.includes(name));
}
