import { counted } from "../../contract/counted";
import { ReleaseError } from "../../contract/manifest";
import { ownAccount } from "../../delivery/account";
import type { Clients } from "../../delivery/clients";
import type { Clock } from "../../delivery/clock";
import { secondsSince } from "../../delivery/deploy/update";
import { deletedOf, destroyStack, plannedDestruction } from "../../delivery/engine/destroy";
import { StackLockedError, stateLocked } from "../../delivery/engine/locks";
import { updateHolders } from "../../delivery/engine/updateHolders";
import { DeliveryError } from "../../delivery/errors";
import type { Ledger } from "../../delivery/ledger";
import { readPointer } from "../../delivery/pointer";
import type { Target } from "../../delivery/target";
import { describedIfAny, recentIfAny } from "../remains";
import { removeMarker } from "../sleep/marker";
import { refuseLocked, refuseOpen } from "../underWay";
import { actLines, isOfAnother, isProtected, isStillProtected, leftLines } from "./text";

export interface TeardownOptions {
  readonly clients: Pick<Clients, "ecs" | "s3" | "ssm" | "sts">;
  readonly target: Target;
  readonly ledger: Pick<Ledger, "recent">;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** What a destruction would mean, looked at before anybody is asked. */
export interface TeardownPlan {
  /** One a line, for people. */
  readonly acts: readonly string[];
  /** What is in AWS afterwards, and how it goes. */
  readonly left: readonly string[];
  /** Resources in AWS that are deleted. */
  readonly deletions: number;
  /** Whether Pulumi's state has nothing any more. */
  readonly isEmpty: boolean;
}

/**
 * Looks whether an environment may be destroyed now, and what goes with it. Nothing is changed.
 * @throws DeliveryError where it is protected, and where a deployment or an update is under way, with whose it is.
 */
export async function planTeardown(options: TeardownOptions): Promise<TeardownPlan> {
  const { clients, target } = options;
  const { stack, config, names } = target;
  if (config.protection) throw isProtected(target);
  const holders = await updateHolders(target, clients.s3);
  if (holders) throw stateLocked(stack, holders);
  await refuseUnderWay(options);
  const destruction = await plannedDestruction(target);
  if (destruction.protects.length > 0) throw isStillProtected(target, destruction.protects);
  const [account, pointer] = await Promise.all([
    ownAccount(clients.sts, target),
    pointerOf(options),
  ]);
  const another = isOfAnother(target, destruction, account.accountId);
  if (another) throw another;
  const left = leftLines(target, destruction, pointer ? names.releasePointer : undefined);
  return {
    ...{ left, deletions: deletedOf(destruction).length },
    isEmpty: destruction.changes.length === 0,
    acts: actLines(target, destruction, account.accountId, left),
  };
}

/** What was destroyed in part has no history any more, or no cluster: nobody deploys there. */
async function refuseUnderWay(options: TeardownOptions): Promise<void> {
  const described = await describedIfAny(options.clients.ecs, options.target);
  const view = await recentIfAny(options.ledger);
  if (view) await refuseLocked(options, view, described);
  await refuseOpen(options, Object.keys(described));
}

/** Whether there is one: what it says does not matter any more. */
async function pointerOf({ clients, target }: TeardownOptions): Promise<boolean> {
  try {
    return (await readPointer(clients.ssm, target.names)) !== undefined;
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    return true;
  }
}

/**
 * Destroys the environment.
 * @param signal interrupts it: what Pulumi has begun it ends.
 * @returns how long it took, in seconds.
 * @throws DeliveryError with what could not be deleted, and what to do: to run it again takes it up.
 */
export async function teardown(
  { clients, target, clock, log }: TeardownOptions,
  signal: AbortSignal,
): Promise<number> {
  const { stack } = target;
  const begunAt = clock.now().toISOString();
  try {
    await destroyStack(target, { signal, progress: log });
  } catch (error) {
    if (!(error instanceof DeliveryError) || error instanceof StackLockedError) throw error;
    throw new DeliveryError(
      error.message,
      [
        ...error.details,
        `What is deleted is gone, and the rest is there. Run the same again, which goes on: gantry teardown --stack ${stack}`,
      ],
      { cause: error },
    );
  }
  // What sleeps no more is no reason to refuse the environment that comes back.
  await removeMarker(clients, target.names);
  return secondsSince(begunAt, clock.now());
}

/** What became of it, for people. */
export function destroyedText({ stack }: Target, { deletions }: TeardownPlan, seconds: number) {
  return `${stack} is destroyed: ${counted(deletions, "resource")} deleted in ${seconds} s`;
}
