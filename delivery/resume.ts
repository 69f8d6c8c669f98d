import { DeliveryError } from "./errors";
import type { Hold } from "./ledger";
import type { LedgerPort } from "./deploy/ports";

export interface ResumeRequest {
  /** Who, for people. */
  readonly by: string;
  /** Default: none is noted. */
  readonly reason?: string;
  /** Of the environment, for messages. */
  readonly stack: string;
}

/**
 * Ends the hold of an environment: new releases come again.
 * @returns the hold that it ended; undefined where nobody held it.
 * @throws DeliveryError where somebody set another hold in the same moment: that one goes on.
 */
export async function resume(
  ledger: Pick<LedgerPort, "recent" | "annotate">,
  { by, reason, stack }: ResumeRequest,
): Promise<Hold | undefined> {
  const view = await ledger.recent(1);
  const hold = view.standing?.hold;
  if (!hold) return undefined;
  const given = reason === undefined ? {} : { reason };
  const { after } = await ledger.annotate({ note: "resumed", by, since: hold.at, ...given }, view);
  if (after.hold) {
    throw new DeliveryError(
      `${stack} is on hold again: ${after.hold.by} set another hold at ${after.hold.at}: ${after.hold.reason}. Ask, then run this again`,
    );
  }
  return hold;
}
