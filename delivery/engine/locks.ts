import { hostname } from "node:os";
import type { Stack } from "@pulumi/pulumi/automation";
import { DeliveryError } from "../errors";
import type { Log } from "../progress";
import { isRunning } from "../run";

/** Who locks Pulumi's state, as a backend of files or buckets tells it. */
export interface LockHolder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  readonly at: Date;
  /** All of it, for people. */
  readonly text: string;
}

/** What is known of the updates that this deployment itself has started. */
export interface Ownership {
  /** The hosts that they ran on, as the ledger has them. */
  readonly hosts: readonly string[];
  /** When the deployment began: an older lock is somebody else's. */
  readonly since: Date;
}

/** Another update holds Pulumi's state; nothing was changed. */
export class StackLockedError extends DeliveryError {
  constructor(
    message: string,
    /** Empty where the backend does not tell them. */
    readonly holders: readonly LockHolder[],
    options?: ErrorOptions,
  ) {
    super(message, [], options);
    this.name = "StackLockedError";
  }
}

const holderPattern = /created by (\S+?)@(\S+) \(pid (\d+)\) at (\S+)/g;

/** The holders that an error of Pulumi names; none where the backend is Pulumi Cloud, whose locks end by themselves. */
export function lockHolders(message: string): LockHolder[] {
  return [...message.matchAll(holderPattern)].map(([, user, host, pid, at]) =>
    lockHolder({ user, host, pid: Number(pid), at }),
  );
}

/** @param given with the time as the lock has it. */
export function lockHolder(
  given: Pick<LockHolder, "user" | "host" | "pid"> & { readonly at: string },
): LockHolder {
  const { user, host, pid, at } = given;
  return {
    ...given,
    at: new Date(at),
    text: `taken by ${user}@${host} (pid ${pid}) at ${at}`,
  };
}

/** The refusal that a lock means. */
export function stateLocked(
  stack: string,
  holders: readonly LockHolder[],
  options?: ErrorOptions,
): StackLockedError {
  const who = holders.map(({ text }) => text).join("; ") || "another update";
  return new StackLockedError(
    `Pulumi's state of ${stack} is locked: ${who}. Nothing was changed. Wait for that update to end and run this again; ` +
      `if it was killed, clear its lock first: pulumi cancel --stack ${stack}`,
    holders,
    options,
  );
}

/** Whether a lock was left by an update of this deployment that does not run any more. */
export function isLeftover(
  holder: LockHolder,
  { hosts, since }: Ownership,
  runs: (pid: number) => boolean = isRunning,
  thisHost = hostname(),
): boolean {
  // The times of locks have no fraction of a second.
  const sinceSecond = Math.floor(since.getTime() / 1000) * 1000;
  return (
    hosts.includes(holder.host) &&
    holder.at.getTime() >= sinceSecond &&
    !(holder.host === thisHost && runs(holder.pid))
  );
}

/**
 * Clears the lock that a killed run of this very deployment left.
 * @param error what the update failed with.
 * @throws the error, where it is another one, or somebody else may hold the lock.
 */
export async function clearOwnLock(
  stack: Pick<Stack, "cancel">,
  error: unknown,
  ownership: Ownership,
  progress?: Log,
): Promise<void> {
  if (
    !(error instanceof StackLockedError) ||
    error.holders.length === 0 ||
    !error.holders.every((holder) => isLeftover(holder, ownership))
  ) {
    throw error;
  }
  progress?.(
    `clearing the lock that a killed run of this deployment left (${error.holders[0].text})`,
  );
  await stack.cancel();
}
