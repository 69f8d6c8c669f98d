import { messageOf } from "../errors";
import type { Release } from "../../contract/manifest";
import type { DeploymentRecord, LedgerView } from "../ledger";
import {
  beingConcluded,
  BeingConcludedError,
  heldByAnother,
  lockedByAnother,
} from "../ledger/refusals";
import type { Ports } from "./ports";
import { secondsSince } from "./update";

/** The deployment that has the lock, where it waits for its verification. */
export function heldDeployment({ lock, records }: LedgerView): DeploymentRecord | undefined {
  const record = lock && records.find(({ number }) => number === lock.number);
  return record?.status === "held" ? record : undefined;
}

/** The ledger, as it lets a deployment begin. */
export interface Free {
  readonly view: LedgerView;
  /** What is held, and whose place a newer release takes. Default: nobody has the lock. */
  readonly supersedes?: DeploymentRecord;
}

/**
 * Refuses where another has the lock, or a deployment is held. One that was held, and that ECS has gone back from, since nobody
 * answered in time, has been left: that one is ended as failed. One that waits for an approval gives way to a newer release.
 * @param release what is to be deployed. Default: it takes nobody's place.
 * @throws DeliveryError saying who has the lock; nothing was changed.
 */
export async function requireFree(
  ports: Pick<
    Ports,
    "ledger" | "clock" | "target" | "progress" | "underWay" | "wentBack" | "execution"
  >,
  view: LedgerView,
  owner: string,
  release?: Release,
): Promise<Free> {
  const { ledger, clock, target, progress } = ports;
  const { lock } = view;
  const held = heldDeployment(view);
  if (!lock || (lock.owner === owner && !held)) return { view };
  const services = held ? await ports.underWay() : [];
  if (held && services.length > 0) {
    if (release && (await givesWay(ports, held, release))) return { view, supersedes: held };
    throw heldByAnother(target.stack, lock, clock.now(), services);
  }
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
  return { view: await ledger.recent() };
}

/** How soon the stage is tried again whose release came while an older one is concluded; it then waits until that has ended. */
const againMs = 60_000;

/**
 * Deploys a release, and has its stage tried again where an older one is being concluded that people have approved: that ends by itself,
 * and nobody need look after the newer one.
 */
export async function afterConcluded<T>(
  { execution, target, retry, clock }: Pick<Ports, "execution" | "target" | "retry" | "clock">,
  deploy: () => Promise<T>,
): Promise<T> {
  try {
    return await deploy();
  } catch (error) {
    const isAwaited =
      error instanceof BeingConcludedError && (await execution?.isConcluding(error.held.owner));
    if (!isAwaited || !retry) throw error;
    let next = "This stage is tried again by itself once that has ended";
    let at: Date | undefined = new Date(clock.now().getTime() + againMs);
    try {
      await retry.at(at);
    } catch (failed) {
      at = undefined;
      next = `That this stage is tried again by itself could not be arranged: ${messageOf(failed)}. Once that has ended, retry it`;
    }
    throw beingConcluded(target.stack, error.held, next, at?.toISOString());
  }
}

/**
 * Once more at the last moment: people may have approved it since.
 * @throws DeliveryError where it waits no more; nothing was changed.
 */
export async function requireUnapproved(
  { execution, progress, target }: Pick<Ports, "execution" | "progress" | "target">,
  held: DeploymentRecord,
): Promise<void> {
  if (await execution?.isUnapproved(held.owner, (line) => progress.note(line))) return;
  throw beingConcluded(target.stack, held);
}

/**
 * Whether what is held waits for an approval, which a newer release makes moot.
 * @throws DeliveryError where it waits no more, but is about to go on, or to be taken back.
 */
async function givesWay(
  { execution, progress, target }: Pick<Ports, "execution" | "progress" | "target">,
  held: DeploymentRecord,
  release: Release,
): Promise<boolean> {
  const { pipeline } = target.config;
  if (pipeline?.approval !== "afterVerification" || pipeline.source || !execution) return false;
  if (Date.parse(release.createdAt) <= Date.parse(held.release.createdAt)) return false;
  if (held.history.includes("concluding")) throw beingConcluded(target.stack, held);
  if (await execution.isUnapproved(held.owner, (line) => progress.note(line))) return true;
  if (await execution.isConcluding(held.owner)) throw beingConcluded(target.stack, held);
  return false;
}
