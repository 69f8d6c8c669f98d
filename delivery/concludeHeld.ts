import type { Release } from "../contract/manifest";
import { finish, UnrecordedError } from "./deploy/execution";
import type { Ports } from "./deploy/ports";
import { recover } from "./deploy/recovery";
import { settle } from "./deploy/update";
import { DeliveryError } from "./errors";
import type { DeploymentRecord, FailureStage } from "./ledger";

/**
 * Has the new tasks of a deployment that was verified get requests, waits until they get all of them and the old tasks are
 * gone, and ends the deployment. It may be repeated: what goes on already is waited for. New tasks by which clients fare worse
 * than by the old ones fail it.
 * @param running what the pointer says.
 * @returns the deployment, which was deployed, and the services of which no task shall run.
 * @throws DeliveryError where ECS goes back or has gone back, after the release before was put back.
 */
export async function letGoOn(
  ports: Ports,
  record: DeploymentRecord,
  running: Release | undefined,
): Promise<{ readonly record: DeploymentRecord; readonly unproven: readonly string[] }> {
  const { release, previous, begunAt } = record;
  try {
    if (running?.id !== release.id && running?.id === previous?.id) {
      throw new DeliveryError("it was being taken back when this was cut off");
    }
    const options = { since: new Date(begunAt), compares: true };
    const { unproven } = await settle(ports, release, options);
    return { record: await finish(ports, record, unproven), unproven };
  } catch (error) {
    if (error instanceof UnrecordedError) throw error;
    throw await takeBack(ports, record, error, "shift");
  }
}

/**
 * Takes a deployment back that is held, or whose new tasks get their first requests.
 * @returns the error to end with.
 */
export async function takeBack(
  ports: Ports,
  record: DeploymentRecord,
  error: unknown,
  stage: FailureStage,
): Promise<DeliveryError> {
  await requireLock(ports, record);
  return recover(ports, record, error, "services", stage);
}

/**
 * Says that a deployment that is held is about to go on, or to be taken back: from then on no newer release takes its place, and
 * whichever of the two was first has it.
 * @throws DeliveryError where a newer one was, or a person has taken the lock.
 */
export async function claim(ports: Ports, record: DeploymentRecord): Promise<DeploymentRecord> {
  await requireLock(ports, record);
  const claimed = await ports.ledger.note(record, { event: "concluding" });
  if (claimed.status !== "held") throw takenOver(ports, claimed);
  return claimed;
}

/** Whoever has taken the lock meanwhile decides what runs. */
async function requireLock(
  ports: Pick<Ports, "ledger" | "target">,
  record: DeploymentRecord,
): Promise<void> {
  const { lock, records } = await ports.ledger.recent();
  if (lock?.number === record.number && lock.owner === record.owner) return;
  throw takenOver(ports, records.find(({ number }) => number === record.number) ?? record);
}

/** What an execution says whose release gave way to a newer one, or to a person. */
export function takenOver(
  { target }: Pick<Ports, "target">,
  { number, release, failedStage, reason }: DeploymentRecord,
): DeliveryError {
  if (failedStage === "superseded") {
    return new DeliveryError(
      `release ${release.id} of deployment ${number} is over on ${target.stack}: ${reason}, which took its place before it was ` +
        "concluded, and has it gone back from. Nothing was changed by this. Approve that one instead; it is in the pipeline already.",
      [],
      { kind: "superseded" },
    );
  }
  return new DeliveryError(
    `deployment ${number} of ${release.id} on ${target.stack} was taken over meanwhile: gantry history --stack ${target.stack} ` +
      "says by whom. Nothing was changed by this.",
    [],
    { kind: "superseded" },
  );
}
