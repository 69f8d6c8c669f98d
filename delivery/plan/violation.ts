import type { Ports } from "../deploy/ports";
import { EngineError } from "../engine/failure";
import { targetUrns } from "../engine/targets";
import type { DeploymentRecord } from "../ledger";
import { differences, isImage } from "./differences";

/**
 * Whether an update that Pulumi held to its plan was stopped before it changed anything: what ran before runs still, and
 * to update to it once more could bring just what was not approved.
 */
export async function stoppedUnchanged(
  { pulumi, target }: Pick<Ports, "pulumi" | "target">,
  { previous }: DeploymentRecord,
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof EngineError) || !error.violatesPlan || !previous) return false;
  try {
    const left = await pulumi.preview({ release: previous, targets: targetUrns(target) });
    return !differences(target, left).some((difference) => isImage(target, difference));
  } catch {
    // Whoever cannot tell puts back.
    return false;
  }
}
