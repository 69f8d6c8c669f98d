import type { Release } from "../../contract/manifest";
import { StackLockedError } from "../engine/locks";
import { targetUrns } from "../engine/targets";
import { DeliveryError, messageOf } from "../errors";
import type { DeploymentRecord, FailureStage } from "../ledger";
import type { Log } from "../progress";
import { DeploymentFailure } from "../steadyState";
import type { Ports } from "./ports";
import { detailsOf, noteUpdate, ownershipOf, secondsSince, settle } from "./update";

/** How far a deployment has come: what it may have changed. */
export type Extent = "nothing" | "pointer" | "services";

/** How the release before was put back. */
interface Restoration {
  /** Id of what runs again. */
  readonly restored?: string;
  /** For people: what runs now, and what to do where that is not right. */
  readonly lines: readonly string[];
}

/**
 * Takes a failed deployment back: says why it failed, puts the release before it in place and ends it in the ledger.
 * @param extent how far it had come.
 * @param stage where it failed. Default: deploy.
 * @returns the error to end with.
 */
export async function recover(
  ports: Ports,
  record: DeploymentRecord,
  error: unknown,
  extent: Extent,
  stage?: FailureStage,
): Promise<DeliveryError> {
  const { progress, ledger, clock, deadline } = ports;
  deadline.putBack();
  const reason = messageOf(error);
  progress.note(`failed: ${reason}`);
  const why = [
    ...detailsOf(error),
    ...(await explanation(ports, record, error)),
    ...(error instanceof StackLockedError ? [seen(ports, record)] : []),
  ];
  for (const line of why) progress.note(`  ${line}`);

  const { restored, lines } = await restore(ports, record, extent);
  const failed = `deployment ${record.number} of release ${record.release.id} failed: ${reason}`;
  try {
    await ledger.end(record, {
      status: "failed",
      seconds: secondsSince(record.begunAt, clock.now()),
      reason: [reason, ...(restored ? [] : lines)].join(" "),
      restored,
      ...(stage ? { stage } : {}),
    });
  } catch (unrecorded) {
    return new DeliveryError(
      failed,
      [...why, ...lines, `The ledger could not be told: ${messageOf(unrecorded)}`],
      { cause: error },
    );
  }
  return new DeliveryError(failed, [...why, ...lines], { cause: error });
}

async function restore(
  ports: Ports,
  record: DeploymentRecord,
  extent: Extent,
): Promise<Restoration> {
  const { previous } = record;
  if (extent === "nothing") {
    return { restored: previous?.id, lines: ["Nothing was changed."] };
  }
  if (!previous) {
    return forget(ports, record, extent);
  }
  try {
    await ports.progress.step(
      "rollback",
      () => putBack(ports, record, previous, extent),
      () => `${previous.id} runs`,
    );
    return { restored: previous.id, lines: [`Rolled back: ${previous.id} runs as before.`] };
  } catch (error) {
    const { stack } = ports.target;
    const lines = [
      `The rollback to ${previous.id} failed too: ${messageOf(error)}`,
      ...detailsOf(error),
      ...(await whatRuns(ports)),
      `The pointer says ${await pointed(ports)}. Once the cause is fixed: gantry rollback --stack ${stack} --to ${previous.id}`,
    ];
    for (const line of lines) ports.progress.note(line);
    return { lines };
  }
}

/** The same steps as a deployment's, with nothing of the pipeline: Pulumi's state and ECS agree again at its end. */
async function putBack(
  ports: Ports,
  record: DeploymentRecord,
  previous: Release,
  extent: Extent,
): Promise<void> {
  if (extent === "services") await ports.goBack(noteOf(ports));
  const since = ports.clock.now();
  await ports.pointer.write(previous);
  if (extent === "pointer") {
    return;
  }
  await updateTo(ports, record, previous);
  await settle(ports, previous, { since });
}

function noteOf({ progress }: Ports): Log {
  return (line) => progress.note(`rollback: ${line}`);
}

async function updateTo(
  ports: Ports,
  record: DeploymentRecord,
  release: Release | undefined,
): Promise<void> {
  const noted = await noteUpdate(ports, record);
  await ports.engine.up({
    release,
    targets: targetUrns(ports.target),
    ownership: ownershipOf(noted),
    resumes: true,
    progress: noteOf(ports),
  });
}

/**
 * The first release of an environment has none before it. Its services get back what the program gives them without one:
 * left on what failed, they would seem up to date to Pulumi, and the same release could never be tried again.
 */
async function forget(
  ports: Ports,
  record: DeploymentRecord,
  extent: Extent,
): Promise<Restoration> {
  const { pointer, progress, target } = ports;
  const lines = [
    `There is nothing to roll back to: this was the first release of ${target.stack}.`,
  ];
  try {
    if (extent === "services") await ports.goBack(noteOf(ports));
    await pointer.delete();
    if (extent === "services") await updateTo(ports, record, undefined);
  } catch (error) {
    lines.push(
      `The services could not be put on what they had before it: ${messageOf(error)}`,
      ...detailsOf(error),
      `Once the cause is fixed: pulumi up --stack ${target.stack}`,
    );
  }
  lines.push(...(await whatRuns(ports)));
  for (const line of lines) progress.note(line);
  return { lines };
}

/** Somebody else's update reads the pointer, too, and may have done so while it named the release. */
function seen({ target }: Ports, { release }: DeploymentRecord): string {
  return (
    `The update that holds the state may have put ${release.id} in place, if it began in this minute. Once it has ended, ` +
    `pulumi preview --stack ${target.stack} shows it, and pulumi up fixes it.`
  );
}

async function explanation(
  ports: Ports,
  record: DeploymentRecord,
  error: unknown,
): Promise<string[]> {
  if (!(error instanceof DeploymentFailure)) {
    return [];
  }
  const lines: string[] = [];
  for (const service of error.services) {
    try {
      lines.push(...(await ports.explain(service, new Date(record.begunAt))));
    } catch (unexplained) {
      // The explanation must not stand in the way of the rollback.
      lines.push(`${service}: why it failed cannot be told: ${messageOf(unexplained)}`);
    }
  }
  return lines;
}

async function whatRuns(ports: Ports): Promise<readonly string[]> {
  try {
    return await ports.running();
  } catch (error) {
    return [`What runs now cannot be told: ${messageOf(error)}`];
  }
}

async function pointed({ pointer }: Ports): Promise<string> {
  try {
    return (await pointer.read())?.id ?? "no release";
  } catch {
    return "an unknown release";
  }
}
