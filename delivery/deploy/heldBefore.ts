import type { DeploymentRecord, LedgerView } from "../ledger";
import { heldByAnother, lockedByAnother } from "../ledger/refusals";
import type { Ports } from "./ports";
import { secondsSince } from "./update";

/** The deployment that has the lock, where it waits for its verification. */
export function heldDeployment({ lock, records }: LedgerView): DeploymentRecord | undefined {
  const record = lock && records.find(({ number }) => number === lock.number);
  return record?.status === "held" ? record : undefined;
}

/**
 * Refuses where another has the lock, or a deployment is held. One that was held, and that ECS has gone back from, since nobody
 * answered in time, has been left: that one is ended as failed.
 * @returns the ledger, as it is then.
 * @throws DeliveryError saying who has the lock; nothing was changed.
 */
export async function requireFree(
  ports: Pick<Ports, "ledger" | "clock" | "target" | "progress" | "underWay" | "wentBack">,
  view: LedgerView,
  owner: string,
): Promise<LedgerView> {
  const { ledger, clock, target, progress } = ports;
  const { lock } = view;
  const held = heldDeployment(view);
  if (!lock || (lock.owner === owner && !held)) return view;
  const services = held ? await ports.underWay() : [];
  if (services.length > 0) throw heldByAnother(target.stack, lock, clock.now(), services);
  const back = held ? await ports.wentBack(new Date(held.begunAt)) : [];
  // What went over may be about to be recorded.
  if (!held || back.length === 0) {
    const holder = view.records.find(({ number }) => number === lock.number);
    throw lockedByAnother(target.stack, lock, clock.now(), holder);
  }
  const reason = `nobody concluded its verification in time: ECS went back to what ran before (${back.join(", ")})`;
  progress.note(`deployment ${held.number} of ${held.release.id} is over: ${reason}`);
  const seconds = secondsSince(held.begunAt, clock.now());
  await ledger.end(held, { status: "failed", stage: "verify", seconds, reason });
  return ledger.recent();
}
