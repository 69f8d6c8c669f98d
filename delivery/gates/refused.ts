import { messageOf } from "../errors";
import type { Ports } from "../deploy/ports";
import type { LedgerView, Refused } from "../ledger";

/** Notes beside the deployments that a release is refused for now. What cannot be noted is refused all the same. */
export async function noteRefused(
  { ledger, progress }: Pick<Ports, "ledger" | "progress">,
  view: LedgerView,
  refused: Omit<Refused, "at">,
): Promise<void> {
  try {
    await ledger.annotate({ note: "refused", ...refused }, view);
  } catch (error) {
    progress.note(`the history could not be told of the refusal: ${messageOf(error)}`);
  }
}
