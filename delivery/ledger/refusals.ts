import { DeliveryError, type Refusal } from "../errors";
import type { DeploymentRecord, LockRecord } from "./events";
import type { Hold, Sleep, Standing } from "./notes";

/** The command that takes a lock away. */
export function unlockCommand(stack: string): string {
  return `gantry unlock --stack ${stack}`;
}

/**
 * The command that begins the stage again that failed, for people.
 * @param owner whose; of a person it is none. Default: the newest execution's.
 */
export function retryCommand(stack: string, owner = ""): string {
  const isExecution = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(owner);
  return `gantry retry --stack ${stack}${isExecution ? ` ${owner}` : ""}`;
}

/** The command that has the pipeline take a release from the beginning, for people. */
export function deployCommand(stack: string, releaseId: string): string {
  return `gantry deploy --stack ${stack} ${releaseId}`;
}

/** Somebody else deploys. */
export function lockedByAnother(
  stack: string,
  lock: LockRecord,
  now: Date,
  record?: DeploymentRecord,
): DeliveryError {
  const actor = record && record.actor !== lock.owner ? `${record.actor}, ` : "";
  return new DeliveryError(
    `${stack} is locked: deployment ${lock.number} of release ${lock.releaseId} is in progress, ` +
      `held by ${actor}${lock.owner} since ${lock.at} (${ageOf(lock.at, now)}). Nothing was changed. ` +
      `Wait for it to end; if what holds it is dead, clear the lock with: ${unlockCommand(stack)}`,
  );
}

/** Somebody deleted the items of a deployment that is being written about. */
export function eventsMissing(stack: string, table: string, number: number): DeliveryError {
  return new DeliveryError(
    `deployment ${number} is missing in the ledger of ${stack} (${table}), though it is being written about: its items were deleted by ` +
      "hand. Restore the table, or clear the lock item there.",
  );
}

/** @throws DeliveryError where the lock that was to be taken away has gone, and another has come. */
export function refuseLockedMeanwhile(stack: string, lock: LockRecord, seen: LockRecord): void {
  if (lock.number === seen.number && lock.owner === seen.owner) return;
  throw new DeliveryError(
    `the lock of deployment ${seen.number} is gone: since ${lock.at} ${lock.owner} has ${stack} locked for deployment ${lock.number} of ` +
      `release ${lock.releaseId}. Nothing was changed. Where that one is meant: ${unlockCommand(stack)}`,
  );
}

/** Somebody else's deployment waits for its verification, or gets its first requests. */
export function heldByAnother(
  stack: string,
  lock: LockRecord,
  now: Date,
  services: readonly { readonly service: string; readonly text: string }[],
): DeliveryError {
  return new DeliveryError(
    `${stack} is locked: the new tasks of deployment ${lock.number} of release ${lock.releaseId} run beside the old ones, ` +
      `since ${lock.at} (${ageOf(lock.at, now)}), held by ${lock.owner}. Nothing was changed. Wait for its verification, answer ` +
      `the approval where one is asked for after it (gantry approve --stack ${stack}, gantry reject), or retry its stage where that failed ` +
      `(${retryCommand(stack, lock.owner)}); to take it back: gantry rollback --stack ${stack}`,
    services.map(({ service, text }) => `${service}: ${text}`),
  );
}

type Concluded = Pick<DeploymentRecord, "number" | "release" | "owner">;

/** What waited is not to be overtaken any more. */
export class BeingConcludedError extends DeliveryError {
  constructor(
    message: string,
    readonly held: Concluded,
    told: Refusal,
  ) {
    super(message, [], { kind: "held", told });
  }
}

/**
 * What waited was approved or refused, and its own execution is about to see to that.
 * @param next what becomes of the newer one after that, for people. Default: they retry its stage.
 * @param retryAt from when on that is tried, ISO 8601. Default: nobody does.
 */
export function beingConcluded(
  stack: string,
  held: Concluded,
  next = `Once that has ended, retry this stage (${retryCommand(stack)})`,
  retryAt?: string,
): BeingConcludedError {
  const { number, release, owner } = held;
  const why =
    `${stack} is locked: deployment ${number} of release ${release.id} waits no more, but is being concluded by ${owner}, ` +
    "since people have approved it, or it is taken back";
  const cutOff = `where it was cut off, retry its own stage (${retryCommand(stack, owner)}), or: gantry rollback --stack ${stack}`;
  return new BeingConcludedError(`${why}. Nothing was changed. ${next}; ${cutOff}`, held, {
    ...{ why, nextSteps: [`${next}; ${cutOff}`] },
    ...(retryAt === undefined ? {} : { retryAt }),
  });
}

/** An execution deploys one release, so its lock for another one is not a rerun of it. */
export function lockedForAnotherRelease(
  stack: string,
  lock: LockRecord,
  wanted: string,
): DeliveryError {
  return new DeliveryError(
    `${stack} is locked by this same owner (${lock.owner}), but for release ${lock.releaseId} and not for ${wanted}, ` +
      `since ${lock.at}. Nothing was changed. If deployment ${lock.number} is dead, clear the lock with: ` +
      unlockCommand(stack),
  );
}

/** The guards judged by a ledger that is no longer true. */
export function overtaken(stack: string, number: number): DeliveryError {
  return new DeliveryError(
    `deployment ${number} of ${stack} was made by another while this one was being prepared. Nothing was changed. ` +
      "Run it again: it will judge by the ledger as it is now.",
  );
}

/** The command that ends a hold. */
export function resumeCommand(stack: string): string {
  return `gantry resume --stack ${stack}`;
}

/** Who holds an environment, for people. */
export function holdText({ by, at, reason }: Hold, now: Date): string {
  return `on hold since ${at} (${ageOf(at, now)}), by ${by}: ${reason}`;
}

/** Somebody went back, and nobody has said since that releases may come again. */
export function onHold(stack: string, releaseId: string, hold: Hold, now: Date): DeliveryError {
  const why = `${stack} is ${holdText(hold, now)}`;
  const next =
    `Nobody tries it again by itself. Once releases may come again: ${resumeCommand(stack)}; then retry the stage ` +
    `(${retryCommand(stack)}), or have the pipeline begin anew: ${deployCommand(stack, releaseId)}`;
  return new DeliveryError(
    `release ${releaseId} is not deployed: ${why}. Nothing was changed. ${next}`,
    [],
    { kind: "held", told: { why, nextSteps: [next] } },
  );
}

/** The command that brings back what sleeps. */
export function wakeCommand(stack: string): string {
  return `gantry wake --stack ${stack}`;
}

/**
 * Since when nothing of an environment runs, for people.
 * @param now for how long that is. Default: that is not said, as where the text is kept.
 */
export function sleepText({ by, at, reason }: Sleep, now?: Date): string {
  return `asleep since ${at}${now ? ` (${ageOf(at, now)})` : ""}, by ${by}${reason === undefined ? "" : `: ${reason}`}`;
}

/**
 * Nothing runs, so nothing would show that something does.
 * @param refused what is not done for a release of the pipeline: `release 3f9c2a1b-17 is not deployed`. Default: a person wants something.
 */
export function asleep(stack: string, sleep: Sleep, now: Date, refused?: string): DeliveryError {
  const why = `${stack} is ${sleepText(sleep, now)}`;
  const what = refused === undefined ? "" : `${refused}: `;
  const then =
    refused === undefined ? "then run this again" : "which then has the pipeline try it again";
  const next = `Wake it first: ${wakeCommand(stack)}, ${then}`;
  return new DeliveryError(
    `${what}${why}. No task runs, so nothing would show that a release does. Nothing was changed. ${next}`,
    [],
    { kind: "held", told: { why, nextSteps: [next] } },
  );
}

/**
 * Why a deployment may not begin, by what was noted about the environment: nothing does while it sleeps, and no new release while
 * somebody holds it.
 */
export function keptOut(
  stack: string,
  { kind, release: { id } }: Pick<DeploymentRecord, "kind"> & { readonly release: { id: string } },
  { sleep, hold }: Partial<Standing> = {},
  now: Date,
): DeliveryError | undefined {
  const isNew = kind === "deploy";
  if (sleep) return asleep(stack, sleep, now, isNew ? `release ${id} is not deployed` : undefined);
  return hold && isNew ? onHold(stack, id, hold, now) : undefined;
}

/** For whoever is about to have a release tried again, or begun: why it will be refused. */
export function refusedUntil(stack: string, { sleep, hold }: Standing, now: Date): string[] {
  const until = "Deploy refuses it until then";
  return [
    ...(sleep ? [`${stack} is ${sleepText(sleep, now)}. ${until}: ${wakeCommand(stack)}`] : []),
    ...(hold ? [`${stack} is ${holdText(hold, now)}. ${until}: ${resumeCommand(stack)}`] : []),
  ];
}

/** A deployment came to its end, which is recorded, without holding its lock until then. */
export class LockLostError extends DeliveryError {}

/** A person took the lock away under a deployment that was alive. */
export function lockLost(
  stack: string,
  record: DeploymentRecord,
  holder?: LockRecord,
): LockLostError {
  const now = holder
    ? `deployment ${holder.number} of release ${holder.releaseId} holds it since ${holder.at}`
    : "nobody holds it now";
  return new LockLostError(
    `deployment ${record.number} of ${stack} lost its lock while it ran; ${now}. It is recorded as deployed, but ` +
      `another may have changed the services meanwhile: see what runs with gantry status --stack ${stack}`,
  );
}

/** The stack has never been made, or its ledger was deleted. */
export function ledgerMissing(stack: string, table: string, cause: Error): DeliveryError {
  return new DeliveryError(
    `${stack} has no ledger: there is no DynamoDB table ${table}. Make the environment first: pulumi up --stack ${stack}`,
    [],
    { cause },
  );
}

/** Others write to the same items at the same moment, again and again. */
export function contended(stack: string, number: number): DeliveryError {
  return new DeliveryError(
    `the ledger of ${stack} could not be written for deployment ${number}: others write to it at the same moment. ` +
      "Run it again.",
  );
}

/** Others note something about the environment at the same moment, again and again. */
export function notesContended(stack: string): DeliveryError {
  return new DeliveryError(
    `the ledger of ${stack} could not be written: others note something about it at the same moment. Nothing was changed. ` +
      "Run it again.",
  );
}

/** As people say it: `4 min ago`, `3 h ago`, `12 days ago`. */
export function ageOf(at: string, now: Date): string {
  const minutes = Math.max(0, Math.round((now.getTime() - Date.parse(at)) / 60_000));
  if (minutes < 120) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 72 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`;
}
