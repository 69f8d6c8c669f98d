import { DeliveryError } from "./errors";
import type { Hold } from "./ledger";
import type { LedgerPort } from "./deploy/ports";

export interface ResumeRequest {
  /** Who, for people. */
  readonly by: string;
  /** Default: none is noted. */
  readonly reason?: string;
  /** When the hold began that is meant. Default: whatever hold there is. */
  readonly since?: string;
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
  { by, reason, since, stack }: ResumeRequest,
): Promise<Hold | undefined> {
  const view = await ledger.recent(1);
  const hold = view.standing?.hold;
  if (!hold) return undefined;
  if (since !== undefined && hold.at !== since) throw heldAgain(stack, hold);
  const given = reason === undefined ? {} : { reason };
  const { after } = await ledger.annotate({ note: "resumed", by, since: hold.at, ...given }, view);
  if (after.hold) throw heldAgain(stack, after.hold);
  return hold;
}

function heldAgain(stack: string, { by, at, reason }: Hold): DeliveryError {
  return new DeliveryError(
    `${stack} is on hold again: ${by} set another hold at ${at}: ${reason}. Ask, then run this again`,
  );
}
