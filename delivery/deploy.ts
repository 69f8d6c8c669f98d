import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Release } from "../stacks/manifest";
import { execute } from "./deploy/execution";
import { isResumed, newestOf, provenRelease, succeeded } from "./deploy/history";
import { makePorts, type PortOptions, type Ports } from "./deploy/ports";
import { refuseMissingInfrastructure } from "./engine/infrastructure";
import { parseBasis, refuseImpostor, refuseStalePlan, refuseSuperseded } from "./guards";
import type { DeploymentRecord, LedgerView } from "./ledger";

export interface DeployRequest {
  readonly release: Release;
  /** The execution of the pipeline, or what a person's run is called: a rerun with the same one takes the first up. */
  readonly owner: string;
  /** Who, for people. */
  readonly actor: string;
  /** The folder of the approved `plan.json` and `basis.json`, to which the update is held. Default: none. */
  readonly planFolder?: string;
}

export type DeployOptions = DeployRequest & Omit<PortOptions, "command">;

/**
 * Deploys a release: guards, preflight, lock, release commands, pointer, `pulumi up` of task definitions and services,
 * steady state, truth check, record. It may be killed at any point: run again, it comes to the same end.
 * @returns the deployment, as the ledger has it.
 * @throws DeliveryError where it is refused (nothing was changed) or failed (what ran before was put back).
 */
export function deploy(options: DeployOptions): Promise<DeploymentRecord> {
  return deployThrough(makePorts({ ...options, command: "deploy" }), options);
}

/** {@link deploy}, by other means than AWS and Pulumi where a test wants them. */
export async function deployThrough(
  ports: Ports,
  request: DeployRequest,
): Promise<DeploymentRecord> {
  const { progress, ledger, target } = ports;
  const { release, owner, actor, planFolder } = request;
  const { view, running, done } = await progress.step("guards", () => guard(ports, request));
  if (done) {
    progress.note(`${release.id} is deployed already, as deployment ${done.number}`);
    await progress.step("truth", (note) => ports.truth(release, note));
    return done;
  }
  await progress.step("preflight", (note) => ports.preflight(release, note));
  if (!planFolder) {
    // With a plan, the plan stage has done it, and the update is held to what it found.
    await progress.step("infrastructure", async () =>
      refuseMissingInfrastructure(target, release.id, await ports.engine.preview({ release })),
    );
  }
  const record = await progress.step(
    "lock",
    () =>
      ledger.begin(
        { kind: "deploy", release, previous: provenRelease(view, running), owner, actor },
        view,
      ),
    ({ number }) => `deployment ${number}`,
  );
  return execute(ports, { record, running, releaseCommands: true, planFolder });
}

interface Ground {
  readonly view: LedgerView;
  /** What the pointer says. */
  readonly running: Release | undefined;
  /** The deployment that is asked for, where it was made before. */
  readonly done?: DeploymentRecord;
}

async function guard(ports: Ports, { release, owner, planFolder }: DeployRequest): Promise<Ground> {
  const { ledger, pointer, target, engine } = ports;
  const [view, running] = await Promise.all([ledger.recent(), pointer.read()]);
  refuseImpostor(release, running);
  if (isResumed(view, owner, release.id)) {
    // It was let through when it began, and what has changed since is its own doing.
    return { view, running };
  }
  const newestRecord = newestOf(view, release.id);
  if (newestRecord && succeeded(newestRecord) && running?.id === release.id && !view.lock) {
    return { view, running, done: newestRecord };
  }
  const { pipeline } = target.config;
  const isPromotedInto = pipeline !== undefined && pipeline.source === undefined;
  const newest = isPromotedInto ? await ports.newestPromoted() : undefined;
  refuseSuperseded(target.stack, release, running, newest);
  if (planFolder) {
    const file = join(planFolder, "basis.json");
    refuseStalePlan(parseBasis(await readFile(file, "utf8"), file), {
      release: release.id,
      running: running?.id ?? null,
      deployment: view.records.at(0)?.number ?? 0,
      stateVersion: await engine.stateVersion(),
    });
  }
  return { view, running };
}
