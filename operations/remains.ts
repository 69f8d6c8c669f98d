import type { ECSClient } from "@aws-sdk/client-ecs";
import { describeServices, type DescribedServices } from "../delivery/deploy/ecs";
import { isNamed } from "../delivery/errors";
import type { Ledger, LedgerView } from "../delivery/ledger";
import type { Target } from "../delivery/target";

/** The services of an environment: none where it was destroyed, also in part, so that the cluster is gone. */
export async function describedIfAny(ecs: ECSClient, target: Target): Promise<DescribedServices> {
  try {
    return await describeServices(ecs, target);
  } catch (error) {
    if (!isNamed(error, "ClusterNotFoundException")) throw error;
    return {};
  }
}

/** The newest of the history; undefined where it was destroyed. */
export async function recentIfAny(ledger: Pick<Ledger, "recent">): Promise<LedgerView | undefined> {
  try {
    return await ledger.recent();
  } catch (error) {
    if (!isNamed((error as Error).cause, "ResourceNotFoundException")) throw error;
    return undefined;
  }
}
