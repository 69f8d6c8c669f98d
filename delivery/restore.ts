import { findDrift } from "./deploy/drift";
import { execute } from "./deploy/execution";
import { requireFree } from "./deploy/heldBefore";
import { refuseAsleep } from "./deploy/hold";
import { isResumed, isUnsettled, provenRelease } from "./deploy/history";
import { numbersSpent } from "./deploy/numbers";
import { makePorts, type PortOptions, type Ports } from "./deploy/ports";
import { DeliveryError } from "./errors";
import type { DeploymentRecord } from "./ledger";
import type { Release } from "../contract/manifest";

export interface RestoreRequest {
  readonly owner: string;
  /** Who, for people. */
  readonly actor: string;
}

export type RestoreOptions = RestoreRequest & Omit<PortOptions, "command">;

/**
 * Puts the desired release back in place after somebody changed the services beside the pipeline, or put an older state
 * in the place of Pulumi's: what ECS has is read back, and updated to what the program says. No release command is run.
 * @returns the deployment, as the ledger has it.
 * @throws DeliveryError where there is no desired release, it cannot run, or it failed.
 */
export function restore(options: RestoreOptions): Promise<DeploymentRecord> {
  return restoreThrough(makePorts({ ...options, command: "restore" }), options);
}

/** {@link restore}, by other means than AWS and Pulumi where a test wants them. */
export async function restoreThrough(
  ports: Ports,
  { owner, actor }: RestoreRequest,
): Promise<DeploymentRecord> {
  const { progress, ledger, pointer, target, pulumi } = ports;
  const { view, release } = await progress.step("guards", async () => {
    const [known, running] = await Promise.all([ledger.recent(), pointer.read()]);
    if (!running) throw nothingDesired(target.stack);
    const { view: found } = await requireFree(ports, known, owner);
    refuseAsleep(ports, found);
    if (!isResumed(found, owner, running.id)) await pulumi.requireUnlocked();
    const proven = provenRelease(found, running);
    if (isUnsettled(found) && proven && proven.id !== running.id)
      throw neverProven(target.stack, running);
    for (const line of (await findDrift(ports, found)).lines) progress.note(line);
    return { view: found, release: running };
  });
  await progress.step("preflight", (note) => ports.preflight(release, note));
  const after = await numbersSpent(ports, view, release);
  const record = await progress.step(
    "lock",
    () => ledger.begin({ kind: "restore", release, previous: release, owner, actor, after }, view),
    ({ number }) => `deployment ${number}`,
  );
  return execute(ports, { record, running: release, releaseCommands: false, unsettled: true });
}

/**
 * What a restore would do, for whoever is asked before, one a line.
 * @param desired what the pointer says.
 * @throws DeliveryError where that is nothing.
 */
export function restoreActs(desired: Release | undefined, stack: string): string[] {
  if (!desired) throw nothingDesired(stack);
  return [
    `${stack}: what ECS has is read back, and every service that runs something else is updated to ${desired.id}, the desired release; ` +
      "no release command is run",
  ];
}

/** What was never verified shall not come to serve by a restore. */
function neverProven(stack: string, { id }: Release): DeliveryError {
  return new DeliveryError(
    `the desired release ${id} of ${stack} failed, and was not taken back: it is not put in place. Nothing was changed. Go back ` +
      `to the one before it: gantry rollback --stack ${stack}`,
  );
}

function nothingDesired(stack: string): DeliveryError {
  return new DeliveryError(
    `${stack} has no desired release yet, so there is nothing to put back. Nothing was changed. What the program says ` +
      `without one is put back by: pulumi refresh --stack ${stack} && pulumi up --stack ${stack}`,
  );
}
