import { exampleId, isReleaseId } from "../contract/manifest";
import type { Clock } from "./clock";
import type { LedgerPort } from "./deploy/ports";
import { DeliveryError } from "./errors";
import { gateNames, type GateName } from "./gates";
import type { Override } from "./ledger";

/** Hours that an override may be for: what takes longer is a change of config. */
export const mostOverrideHours = 72;

export interface OverrideRequest {
  /** Who, for people. */
  readonly by: string;
  /** Why, for whoever reads the history. */
  readonly reason: string;
  /** From now on, more than 0, up to {@link mostOverrideHours}. */
  readonly hours: number;
  /** Default: all gates. */
  readonly gates?: readonly string[];
  /** Id of the only release that it is for. Default: every one. */
  readonly release?: string;
}

/**
 * The override that is asked for, as it would be from now on.
 * @throws DeliveryError where it is none.
 */
export function overrideMeant(request: OverrideRequest, clock: Pick<Clock, "now">): Override {
  const { by, hours, release } = request;
  const reason = request.reason.trim();
  if (reason === "") {
    throw new DeliveryError(
      'no reason is given, which whoever reads the history wants to know: --reason "fixes the checkout"',
    );
  }
  if (!(hours > 0 && hours <= mostOverrideHours)) {
    throw new DeliveryError(
      `an override cannot be for ${hours} hours: more than 0, up to ${mostOverrideHours}. What shall last longer is config: gantry:pipeline.windows, alarms, soakMinutes`,
    );
  }
  // It may be one that has not come here yet; what is no id at all would let nothing past, and nobody would be told.
  if (release !== undefined && !isReleaseId(release)) {
    throw new DeliveryError(
      `${release} is no id of a release: --release ${exampleId}, as the refusal and gantry history have it`,
    );
  }
  const gates = gatesOf(request.gates ?? gateNames);
  const until = new Date(clock.now().getTime() + hours * 3_600_000).toISOString();
  const at = clock.now().toISOString();
  return { by, reason, at, until, gates, ...(release === undefined ? {} : { release }) };
}

/**
 * Lets releases past gates that are closed, for a while. The ledger keeps who did so, why and until when.
 * @throws DeliveryError where what was asked for is none; nothing is noted.
 */
export async function overrideGates(
  ledger: Pick<LedgerPort, "recent" | "annotate">,
  request: OverrideRequest,
  clock: Pick<Clock, "now">,
): Promise<Override> {
  const { at, by, until, reason, gates, release } = overrideMeant(request, clock);
  const given = { by, reason, until, gates, ...(release === undefined ? {} : { release }) };
  const view = await ledger.recent(1);
  const { after } = await ledger.annotate({ note: "override", ...given }, view);
  const noted = after.overrides.findLast((one) => one.until === until && one.by === by);
  return noted ?? { ...given, at };
}

function gatesOf(given: readonly string[]): GateName[] {
  const unknown = given.filter((name) => !gateNames.some((gate) => gate === name));
  if (given.length === 0 || unknown.length > 0) {
    throw new DeliveryError(
      `${unknown.join(", ") || "nothing"} is no gate; there are ${gateNames.join(", ")}: --gates ${gateNames.join(",")}`,
    );
  }
  return gateNames.filter((gate) => given.includes(gate));
}
