import { findDrift } from "./deploy/drift";
import { execute } from "./deploy/execution";
import { heldDeployment } from "./deploy/heldBefore";
import { hold, refuseAsleep } from "./deploy/hold";
import { isResumed, isUnsettled, provenRelease, wasUnsettled } from "./deploy/history";
import { numbersSpent } from "./deploy/numbers";
import { makePorts, type PortOptions, type Ports } from "./deploy/ports";
import type { DeploymentRecord, LedgerView } from "./ledger";
import { lockedByAnother, lockedForAnotherRelease, resumeCommand } from "./ledger/refusals";
import { rollbackTarget } from "./rollbackTarget";
import { pageOf, tellingFailure } from "./tellFailure";
import type { Release } from "../contract/manifest";

export interface RollbackRequest {
  /** Id of the release. Default: what ran before, see {@link rollbackTarget}. */
  readonly to?: string;
  /** Why, for whoever is refused by the hold. Default: what was gone back from, and to what. */
  readonly reason?: string;
  /** Whether the environment is on hold from then on: new releases are refused until `gantry resume`. Default: true. */
  readonly holds?: boolean;
  readonly owner: string;
  /** Who, for people. */
  readonly actor: string;
}

export type RollbackOptions = RollbackRequest & Omit<PortOptions, "command">;

/**
 * Puts an earlier release in place: its images, with the program as it is now; no release command is run. The environment is
 * on hold from then on, also where it fails or is killed: that was said before what runs is changed. One that is refused sets
 * no hold.
 * @returns the deployment, as the ledger has it.
 * @throws DeliveryError where the release is unknown or cannot run, or it failed (what ran before was put back).
 */
export function rollback(options: RollbackOptions): Promise<DeploymentRecord> {
  return rollbackThrough(makePorts({ ...options, command: "rollback" }), options);
}

/** {@link rollback}, by other means than AWS and Pulumi where a test wants them. */
export async function rollbackThrough(
  ports: Ports,
  request: RollbackRequest,
): Promise<DeploymentRecord> {
  const { to, owner, actor } = request;
  const { progress, ledger, pointer, target } = ports;
  const [known, running] = await progress.step("guards", () =>
    // The releases of long ago are to be had too, where one is asked for by its id.
    Promise.all([ledger.recent(to === undefined ? undefined : Infinity), pointer.read()]),
  );
  const { resumed, release } = rollbackMeant(known, running, request, target.stack);
  refuseAsleep(ports, known);
  if (!resumed) refuseLocked(ports, known, owner, release);
  const isAstray = !resumed && (await hasDrifted(ports, known));
  // Whoever goes back does so from what ECS is at, too.
  const isUnderWay = (await ports.underWay()).length > 0;
  await progress.step("preflight", (note) => ports.preflight(release, note));
  const after = await numbersSpent(ports, known, running);
  // A run that is taken up has said so, unless somebody has ended its hold since.
  const held =
    resumed || request.holds === false
      ? undefined
      : await hold(ports, known, { ...request, running, release });
  const view = await takeOver(ports, known, actor);
  // What was never verified is not to come back where this fails.
  const proven = provenRelease(view, running);
  const previous = isUnsettled(view) && proven?.id !== running?.id ? release : running;
  const record = await progress.step(
    "lock",
    () => ledger.begin({ kind: "rollback", release, previous, owner, actor, after }, view),
    ({ number }) => `deployment ${number}`,
  );
  try {
    // What was refused before, the person who asked for it knows.
    const done = await tellingFailure(ports, { owner, actor, release: release.id }, () =>
      execute(ports, {
        ...{ record, running },
        releaseCommands: false,
        unsettled: wasUnsettled(view, record.number) || isAstray || isUnderWay,
      }),
    );
    await tellBack(ports, done, { ...request, holds: held !== undefined, from: running?.id });
    return done;
  } finally {
    if (held) progress.note(held);
  }
}

/** For whom and when it is looked whether there is a way back. */
interface Asking {
  readonly target: Pick<Ports["target"], "stack">;
  readonly clock: Pick<Ports["clock"], "now">;
}

interface Meant {
  readonly release: Release;
  /** The same owner's rollback that was cut off, and is taken up. Absent where there is none. */
  readonly resumed?: DeploymentRecord;
}

/** @throws DeliveryError as of {@link rollbackTarget}. */
function rollbackMeant(
  known: LedgerView,
  running: Release | undefined,
  { to, owner }: Pick<RollbackRequest, "to" | "owner">,
  stack: string,
): Meant {
  const resumed = known.records.find(
    ({ kind, release }) =>
      kind === "rollback" &&
      isResumed(known, owner, release.id) &&
      (to === undefined || to === release.id),
  );
  if (resumed) return { release: resumed.release, resumed };
  return { release: rollbackTarget(known.records, running, to, stack) };
}

/** What a rollback would do. */
export interface RollbackPlan {
  /** Where it goes: whoever agrees to that names it, since somebody else may have gone back meanwhile. */
  readonly release: Release;
  /** For people, one a line. */
  readonly acts: readonly string[];
}

/**
 * Looks at what a rollback would do, before anybody is asked.
 * @param running what the pointer says.
 * @throws DeliveryError where it has nowhere to go, or a deployment is in progress.
 */
export function planRollback(
  asking: Asking,
  known: LedgerView,
  running: Release | undefined,
  request: RollbackRequest,
): RollbackPlan {
  const { stack } = asking.target;
  refuseAsleep(asking, known);
  const { resumed, release } = rollbackMeant(known, running, request, stack);
  if (!resumed) refuseLocked(asking, known, request.owner, release);
  const held = heldDeployment(known);
  const instead = running && running.id !== release.id ? ` in place of ${running.id}` : "";
  const acts = [
    `${stack}: ${release.id} runs again${instead}: its images, with the program as it is now; no release command is run`,
    ...misgivings(known.records, release),
    ...(resumed ? [`deployment ${resumed.number}, which was cut off, is taken up`] : []),
    ...(held && !resumed
      ? [
          `deployment ${held.number} of ${held.release.id}, which waits for its verification, is taken back`,
        ]
      : []),
    request.holds === false
      ? "the next release comes as usual: no hold is set"
      : `from then on new releases are refused, until ${resumeCommand(stack)}`,
  ];
  return { release, acts };
}

/** What speaks against a release that somebody names: it failed, and was good at no other time. */
function misgivings(records: readonly DeploymentRecord[], { id }: Release): string[] {
  const own = records.filter(({ release }) => release.id === id);
  const failed = own.find(({ status }) => status === "failed");
  if (!failed || own.some(({ status }) => status === "verified")) return [];
  const why = failed.reason === undefined ? "" : `: ${failed.reason}`;
  return [`it failed as deployment ${failed.number}, and was never verified${why}`];
}

function tellBack(
  { tell, target }: Ports,
  { release, number, actor, owner }: DeploymentRecord,
  { from, holds, reason }: Pick<RollbackRequest, "holds" | "reason"> & { readonly from?: string },
): Promise<void> {
  return tell({
    kind: "rolledBack",
    what: `release ${release.id} runs again${from === undefined || from === release.id ? "" : ` in place of ${from}`}`,
    ...(reason === undefined ? {} : { why: reason }),
    ...{ who: actor, release: release.id, deployment: number },
    ...(holds
      ? {
          nextSteps: [`New releases are refused until ${resumeCommand(target.stack)}`],
        }
      : {}),
    link: pageOf(target, owner),
  });
}

/**
 * `begin` would refuse it, too, but only after the environment is on hold.
 * @throws DeliveryError where a deployment is in progress; one that waits for its verification is taken over instead.
 */
function refuseLocked(
  { target, clock }: Asking,
  view: LedgerView,
  owner: string,
  release: Release,
): void {
  const { lock, records } = view;
  if (!lock || heldDeployment(view)) return;
  if (lock.owner === owner) throw lockedForAnotherRelease(target.stack, lock, release.id);
  const holder = records.find(({ number }) => number === lock.number);
  throw lockedByAnother(target.stack, lock, clock.now(), holder);
}

/** Whether Pulumi's state is wrong about what runs, which is told. @throws StackLockedError */
async function hasDrifted(ports: Ports, view: LedgerView): Promise<boolean> {
  await ports.pulumi.requireUnlocked();
  const { lines } = await findDrift(ports, view);
  for (const line of lines) ports.progress.note(line);
  return lines.length > 0;
}

/**
 * A deployment that waits for its verification is taken over: with its lock the execution that would conclude it loses the
 * right to, whatever it is about to do.
 */
async function takeOver(
  { ledger, progress }: Ports,
  view: LedgerView,
  actor: string,
): Promise<LedgerView> {
  const held = heldDeployment(view);
  if (!held) return view;
  progress.note(
    `deployment ${held.number} of ${held.release.id} waits for its verification, held by ${held.owner}: it is taken over`,
  );
  await ledger.unlock(actor);
  return ledger.recent();
}
