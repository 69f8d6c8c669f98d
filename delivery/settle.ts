import type { Release } from "../contract/manifest";
import { execute } from "./deploy/execution";
import { isResumed, newestOf, succeeded } from "./deploy/history";
import { makePorts, type PortOptions, type Ports } from "./deploy/ports";
import { ownershipOf, settle as settleServices } from "./deploy/update";
import { targetUrns } from "./engine/targets";
import { DeliveryError } from "./errors";
import type { DeploymentRecord } from "./ledger";
import { tellingFailure } from "./tellFailure";

export interface SettleRequest {
  readonly release: Release;
  /** The execution of the pipeline, the same as `prepare` had. */
  readonly owner: string;
}

export type SettleOptions = SettleRequest & Omit<PortOptions, "command">;

/**
 * The second half of a deployment by CodePipeline's ECS action: moves the pointer, has Pulumi take over what the action
 * made, waits, proves what runs and records the end. A failure puts the release before back.
 * @returns the deployment, as the ledger has it.
 */
export function settle(options: SettleOptions): Promise<DeploymentRecord> {
  return settleThrough(makePorts({ ...options, command: "settle" }), options);
}

/** {@link settle}, by other means than AWS and Pulumi where a test wants them. */
export function settleThrough(ports: Ports, request: SettleRequest): Promise<DeploymentRecord> {
  return tellingFailure(ports, { owner: request.owner, release: request.release.id }, () =>
    settled(ports, request),
  );
}

async function settled(ports: Ports, { release, owner }: SettleRequest): Promise<DeploymentRecord> {
  const { progress, ledger, pointer, target } = ports;
  const [view, running] = await progress.step("guards", () =>
    Promise.all([ledger.recent(), pointer.read()]),
  );
  const record = newestOf(view, release.id);
  if (record && succeeded(record) && running?.id === release.id && !view.lock) {
    progress.note(`${release.id} is deployed already, as deployment ${record.number}`);
    // The action has registered its revision all the same.
    await progress.step("update", (note) =>
      ports.engine.up({
        ...{ release, targets: targetUrns(target), ownership: ownershipOf(record), resumes: false },
        progress: note,
      }),
    );
    await settleServices(ports, release);
    return record;
  }
  if (!record || !isResumed(view, owner, release.id)) {
    const holder = view.lock ? `${view.lock.owner} holds the lock` : "nobody holds the lock";
    throw new DeliveryError(
      `${owner} has not begun to deploy ${release.id} to ${target.stack}: ${holder}. Nothing was changed. ` +
        "Run gantry prepare first: retry the whole stage, and not this action alone.",
    );
  }
  return execute(ports, { record, running, releaseCommands: false });
}
