import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { planFiles } from "../contract/artifacts";
import type { Release } from "../contract/manifest";
import { pipelinePage } from "../contract/consolePages";
import { makePorts, type PortOptions, type Ports } from "./deploy/ports";
import { findDrift, refuseDrift } from "./deploy/drift";
import { deployedAlready, isHeld, newestChange, provenRelease } from "./deploy/history";
import { refuseOnHold } from "./deploy/hold";
import { refuseUnapplied } from "./deploy/unapplied";
import { policyPackOf } from "./engine/policy";
import { refuseMissingInfrastructure } from "./engine/infrastructure";
import { evidenceMarkdown, evidenceSummary, planEvidence, type PlanEvidence } from "./evidence";
import { closedTo } from "./gates";
import type { LedgerView } from "./ledger";
import { refuseImpostor, refuseSuperseded, type PlanBasis } from "./guards";
import { awaitDeployment } from "./plan/awaitDeployment";
import { readBundle } from "./plan/bundle";
import { beyondImages } from "./plan/differences";
import { endedHold } from "./plan/endedHold";
import { tellingFailure } from "./tellFailure";
import { tellWaiting } from "./tellWaiting";

export interface PlanRequest {
  /** The folder that gets `plan.json`, `basis.json`, `evidence.json` and `evidence.md`. Made where it is missing. */
  readonly output: string;
  /** The execution of the pipeline, or who plans. */
  readonly owner: string;
  /** The pipeline that asks for the approval. Default: none. */
  readonly pipeline?: string;
}

export type PlanOptions = PlanRequest & Omit<PortOptions, "command">;

export interface PlanResult {
  readonly release: Release;
  readonly evidence: PlanEvidence;
  /** One line for the approval. */
  readonly summary: string;
  /** Where to look closer: the commits where their host is known, else the pipeline. */
  readonly link: string;
}

/**
 * Plans the release that came with the bundle, at the repository's root: what Pulumi would change, which the deployment is
 * held to, and the evidence for whoever approves it. Changes nothing in the environment; executions of the pipeline that
 * wait for the approval of an older release are stopped.
 * @throws DeliveryError where the release could not be deployed as things are.
 */
export function plan(options: PlanOptions): Promise<PlanResult> {
  return planThrough(makePorts({ ...options, command: "plan" }), options);
}

/** {@link plan}, by other means than AWS and Pulumi where a test wants them. */
export function planThrough(ports: Ports, request: PlanRequest): Promise<PlanResult> {
  return tellingFailure(ports, { owner: request.owner }, () => planned(ports, request));
}

async function planned(ports: Ports, request: PlanRequest): Promise<PlanResult> {
  const { progress, target, pulumi, pointer, clock } = ports;
  const { output, owner, pipeline } = request;
  const bundle = await readBundle(target.root);
  const { release } = bundle;
  const ground = await progress.step("guards", async () => {
    const view = await awaitDeployment(ports);
    const running = await pointer.read();
    refuseImpostor(release, running);
    const { pipeline: config } = target.config;
    const newest = config && !config.source ? await ports.newestPromoted() : undefined;
    refuseSuperseded(target.stack, release, running, newest);
    // Nobody is to be asked for what would be refused. What runs already brings nothing new.
    if (running?.id !== release.id) refuseOnHold(ports, release, view);
    // Read before the preview: an update during it makes the plan stale, as it should.
    const state = await pulumi.state();
    refuseDrift(target.stack, release.id, await findDrift(ports, view, state));
    return { view, running, newest, stateVersion: state.version };
  });
  const imageDangers = await progress.step("preflight", (note) => ports.preflight(release, note));
  await mkdir(output, { recursive: true });
  const advice: string[] = [];
  const changes = await progress.step("infrastructure", async () => {
    const { folder, stack } = target;
    const planned = await pulumi.preview({
      ...{ release, planFile: join(output, planFiles.plan) },
      policy: { pack: () => policyPackOf({ folder, stack }), advice: (line) => advice.push(line) },
    });
    refuseMissingInfrastructure(target, release.id, planned);
    const done = deployedAlready(ground.view, release.id, ground.running);
    if (done) refuseUnapplied(target, done, beyondImages(target, planned));
    return planned;
  });
  const { view, running, newest, stateVersion } = ground;
  const basis: PlanBasis = {
    release: release.id,
    running: running?.id ?? null,
    deployment: newestChange(view),
    stateVersion,
  };
  const serves = whatServes(target, view, running);
  const evidence = planEvidence({
    ...{ target, release, running: serves, changes, evidence: bundle.evidence },
    ...(serves?.id === running?.id ? {} : { waiting: running?.id }),
    gates: await closedTo(ports, { releaseId: release.id, view, promoted: newest }),
    hold: endedHold(view),
    ...{ policy: advice, imageDangers },
    plannedAt: clock.now(),
    plannedBy: owner,
  });
  // Whoever is asked from here on is asked for this one.
  await progress.step("supersede", async (note) =>
    ports.execution?.supersedeWaiting(release, note),
  );
  const write = (name: string, text: string) => writeFile(join(output, name), text);
  await write(planFiles.basis, `${JSON.stringify(basis, undefined, 2)}\n`);
  await write(planFiles.evidence, `${JSON.stringify(evidence, undefined, 2)}\n`);
  await write(planFiles.evidenceText, evidenceMarkdown(evidence));
  if (target.config.pipeline?.approval === true) await tellWaiting(ports, evidence, owner);
  return {
    release,
    evidence,
    summary: evidenceSummary(evidence),
    link: evidence.compareUrl ?? pipelinePage(target.region, pipeline ?? target.names.pipeline),
  };
}

/** What serves, where people are asked after the verification: what waits for them gives way to this release. */
function whatServes(
  { config }: Ports["target"],
  view: LedgerView,
  running: Release | undefined,
): Release | undefined {
  const gives = config.pipeline?.approval === "afterVerification" && isHeld(view);
  return gives ? provenRelease(view, running) : running;
}
