import { execute, heldLines } from "./deploy/execution";
import { guard, type DeployRequest } from "./deploy/guard";
import { afterConcluded, requireUnapproved } from "./deploy/heldBefore";
import { isResumed, provenRelease, tookOver, wasUnsettled } from "./deploy/history";
import { numbersSpent } from "./deploy/numbers";
import { makePorts, type PortOptions, type Ports } from "./deploy/ports";
import { prove } from "./deploy/update";
import { refuseMissingInfrastructure } from "./engine/infrastructure";
import type { DeploymentRecord } from "./ledger";
import type { Log } from "./progress";
import { tellingFailure } from "./tellFailure";

export type { DeployRequest } from "./deploy/guard";

export type DeployOptions = DeployRequest & Omit<PortOptions, "command">;

/**
 * Deploys a release: guards, preflight, lock, release commands, pointer, `pulumi up` of task definitions and services,
 * steady state, truth check, record. Where ECS holds new tasks before they get requests, it ends well with them, and the
 * environment stays locked until `conclude`. An older release that waits for an approval gives way, and is gone back from. It may be
 * killed at any point: run again, it comes to the same end.
 * @returns the deployment, as the ledger has it.
 * @throws DeliveryError where it is refused (nothing was changed) or failed (what ran before was put back).
 */
export function deploy(options: DeployOptions): Promise<DeploymentRecord> {
  return deployThrough(makePorts({ ...options, command: "deploy" }), options);
}

/** {@link deploy}, by other means than AWS and Pulumi where a test wants them. */
export function deployThrough(ports: Ports, request: DeployRequest): Promise<DeploymentRecord> {
  return tellingFailure(ports, { ...request, release: request.release.id }, () =>
    afterConcluded(ports, () => deployed(ports, request)),
  );
}

async function deployed(ports: Ports, request: DeployRequest): Promise<DeploymentRecord> {
  const { progress, ledger, target } = ports;
  const { release, owner, actor, origin, planFolder } = request;
  const { view, running, done, isAstray, supersedes } = await progress.step("guards", () =>
    guard(ports, request),
  );
  if (done) {
    progress.note(`${release.id} is deployed already, as deployment ${done.number}`);
    await prove(ports, release);
    return done;
  }
  const checks = async () => {
    await progress.step("preflight", (note) =>
      ports.preflight(release, note, planFolder !== undefined),
    );
    // With a plan, the plan stage has done it, and the update is held to what it found.
    if (planFolder) return;
    await progress.step("infrastructure", async () =>
      refuseMissingInfrastructure(target, release.id, await ports.pulumi.preview({ release })),
    );
  };
  // One that was begun before may have changed something: it is not refused any more, but taken back.
  const resumed = isResumed(view, owner, release.id);
  if (!resumed) await checks();
  const previous = provenRelease(view, running);
  const after = await numbersSpent(ports, view, running);
  if (supersedes) await requireUnapproved(ports, supersedes);
  const record = await progress.step(
    "lock",
    () =>
      ledger.begin(
        { kind: "deploy", release, previous, owner, actor, origin, after, supersedes },
        view,
      ),
    ({ number }) =>
      `deployment ${number}${supersedes ? `, in the place of ${supersedes.number}` : ""}`,
  );
  if (supersedes) {
    const note: Log = (line) => progress.note(line);
    await ports.execution?.stopSuperseded(supersedes.owner, release, note);
  }
  const tookOverAnother = supersedes !== undefined || tookOver(view, record.number);
  if (record.status === "held" && (await isHeldStill(ports, record))) return record;
  return execute(ports, {
    ...{ record, running, planFolder },
    releaseCommands: true,
    checks: resumed ? checks : undefined,
    unsettled: tookOverAnother || wasUnsettled(view, record.number) || isAstray,
    tookOver: tookOverAnother,
    holds: true,
  });
}

/** Whether a deployment that was made before waits yet: ECS may have gone back, and then it is made again. */
async function isHeldStill(
  { progress, target, ...ports }: Ports,
  { release, number }: DeploymentRecord,
): Promise<boolean> {
  const held = (await ports.underWay()).flatMap((service) => service.held ?? []);
  if (held.length > 0) {
    progress.note(`${release.id} is held already, as deployment ${number}`);
    for (const line of heldLines(held, target.stack)) progress.note(line);
  }
  return held.length > 0;
}
