import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { planFiles } from "../../contract/artifacts";
import type { Release } from "../../contract/manifest";
import { isRecord } from "../../contract/record";
import { DeliveryError, messageOf } from "../errors";
import { passGates } from "../gates";
import { noteRefused } from "../gates/refused";
import {
  parseBasis,
  refuseImpostor,
  refuseStalePlan,
  refuseSuperseded,
  type PlanBasis,
} from "../guards";
import { asJson } from "../issues";
import type { DeploymentRecord, LedgerView, ReleaseOrigin } from "../ledger";
import { beyondImages } from "../plan/differences";
import { checkPointerSize } from "../pointer";
import type { ServiceUnderWay } from "../steadyState/underWay";
import { findDrift, refuseDrift, type Drift } from "./drift";
import { requireFree } from "./heldBefore";
import { refuseReleaseAsleep, refuseOnHold } from "./hold";
import { deployedAlready, isResumed, isUnsettled, newestChange } from "./history";
import type { Ports } from "./ports";
import { refuseUnapplied } from "./unapplied";

export interface DeployRequest {
  readonly release: Release;
  /** The execution of the pipeline, or what a person's run is called: a rerun with the same one takes the first up. */
  readonly owner: string;
  /** Who, for people. */
  readonly actor: string;
  /** Where the release comes from, for the ledger. Default: nobody knows. */
  readonly origin?: ReleaseOrigin;
  /** The folder of the approved `plan.json` and `basis.json`, to which the update is held. Default: none. */
  readonly planFolder?: string;
}

/** What a deployment is begun on. */
export interface Ground {
  readonly view: LedgerView;
  /** What the pointer says. */
  readonly running: Release | undefined;
  /** Whether somebody changed the services beside the pipeline, or Pulumi's state is older than what runs. Default: no. */
  readonly isAstray?: boolean;
  /** What is held for an approval, and whose place it takes. Default: nothing is. */
  readonly supersedes?: DeploymentRecord;
  /** The deployment that is asked for, where it was made before. */
  readonly done?: DeploymentRecord;
}

/**
 * Reads what there is, and refuses what must not be deployed on it.
 * @throws DeliveryError saying why; nothing was changed.
 */
export async function guard(
  ports: Ports,
  { release, owner, actor, planFolder }: DeployRequest,
): Promise<Ground> {
  const { ledger, pointer, target, pulumi } = ports;
  const [known, running] = await Promise.all([ledger.recent(), pointer.read()]);
  refuseImpostor(release, running);
  checkPointerSize(release);
  if (isResumed(known, owner, release.id)) {
    // It was let through when it began, and what has changed since is its own doing.
    return { view: known, running };
  }
  // `begin` would refuse it, too, but only after minutes of previews.
  const { view, supersedes } = await requireFree(ports, known, owner, release);
  await refuseReleaseAsleep(ports, view, { by: actor, release: release.id, what: "deployed" });
  const done = deployedAlready(view, release.id, running);
  if (done) {
    refuseAstray(target.stack, done, await findDrift(ports, view));
    // Another execution's, that is: what this one has done itself, it was planned to do.
    if (planFolder && done.owner !== owner && (await changesSettings(planFolder))) {
      refuseUnapplied(target, done, beyondImages(target, await pulumi.preview({ release })));
    }
    return { view, running, done };
  }
  const { pipeline } = target.config;
  const isPromotedInto = pipeline !== undefined && pipeline.source === undefined;
  const newest = isPromotedInto ? await ports.newestPromoted() : undefined;
  refuseSuperseded(target.stack, release, running, newest);
  const hold = view.standing?.hold;
  if (hold) {
    const reason = `the hold of ${hold.at} by ${hold.by}: ${hold.reason}`;
    await noteRefused(ports, view, { by: actor, release: release.id, reason, gates: ["hold"] });
  }
  refuseOnHold(ports, release, view);
  if (isPromotedInto) await ports.execution?.refuseStopped(release);
  await passGates(ports, { releaseId: release.id, view, promoted: newest, by: actor });
  const state = await pulumi.state();
  if (planFolder) {
    refuseStalePlan(await readBasis(planFolder), {
      release: release.id,
      running: running?.id ?? null,
      deployment: newestChange(view),
      stateVersion: state.version,
    });
  }
  await pulumi.requireUnlocked();
  const drift = await findDrift(ports, view, state);
  if (planFolder) refuseDrift(target.stack, release.id, drift);
  for (const line of drift.lines) ports.progress.note(line);
  // What a deployment has left, or holds for an approval that is moot, is gone back from by this one.
  if (!supersedes && !isUnsettled(view))
    refuseUnderWay(target.stack, release.id, await ports.underWay());
  return { view, running, isAstray: drift.lines.length > 0, supersedes };
}

/** Deployed already, but something else runs by now: to deploy it again would find nothing to do. */
function refuseAstray(stack: string, { release, number }: DeploymentRecord, { lines }: Drift) {
  if (lines.length === 0) return;
  throw new DeliveryError(
    `release ${release.id} is deployed to ${stack} already, as deployment ${number}, but the services are not on it. ` +
      `Nothing was changed. Put it back: gantry restore --stack ${stack}`,
    lines,
  );
}

/** An update by this one would stop what somebody has begun beside the pipeline. */
function refuseUnderWay(stack: string, releaseId: string, services: readonly ServiceUnderWay[]) {
  if (services.length === 0) return;
  throw new DeliveryError(
    `release ${releaseId} cannot be deployed to ${stack}: new tasks run beside the old ones, of a deployment that was not made by ` +
      "Gantry (CloudTrail: UpdateService). Nothing was changed. Wait for its end, answer it by aws ecs " +
      `continue-service-deployment, or go back from it: gantry restore --stack ${stack}`,
    services.map(({ service, text }) => `${service}: ${text}`),
  );
}

async function readBasis(planFolder: string): Promise<PlanBasis> {
  const file = join(planFolder, planFiles.basis);
  return parseBasis(await readPlanned(file), file);
}

/** Whether the approved plan has more than images, as its evidence says. */
async function changesSettings(planFolder: string): Promise<boolean> {
  const evidence = asJson(await readPlanned(join(planFolder, planFiles.evidence)));
  return isRecord(evidence) && Array.isArray(evidence.settings) && evidence.settings.length > 0;
}

async function readPlanned(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const reason = messageOf(error);
    throw new DeliveryError(
      `the approved plan cannot be read: ${reason}. Nothing was changed. Say which folder gantry plan has written: --plan <folder>`,
    );
  }
}
