import { DeliveryError } from "../errors";
import type { DeploymentRecord } from "../ledger";
import { differenceText, type Difference } from "../plan/differences";
import type { Target } from "../target";

/**
 * A release that runs is not deployed again, whatever config says by now: nobody is to be asked for that, or to believe that it was done.
 * @param settings that a plan of it would change.
 * @throws DeliveryError where there are any.
 */
export function refuseUnapplied(
  { stack, config }: Pick<Target, "stack" | "config">,
  { release, number }: DeploymentRecord,
  settings: readonly Difference[],
): void {
  if (settings.length === 0) return;
  const pull = config.pipeline?.config ? `gantry config pull --stack ${stack}, then ` : "";
  throw new DeliveryError(
    `release ${release.id} runs on ${stack} already, as deployment ${number}, and is not deployed again: config has other settings than what runs, ` +
      `and they are not a release's. Nothing was changed. Apply them: ${pull}pulumi up --stack ${stack}`,
    settings.map(differenceText),
  );
}
