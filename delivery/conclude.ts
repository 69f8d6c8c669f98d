import type { Release } from "../contract/manifest";
import { claim, letGoOn, takeBack, takenOver } from "./concludeHeld";
import { findDrift } from "./deploy/drift";
import { execute } from "./deploy/execution";
import { refuseReleaseAsleep } from "./deploy/hold";
import { deploymentsOf, isResumed, isUnsettled, succeeded } from "./deploy/history";
import { makePorts, type PortOptions, type Ports } from "./deploy/ports";
import { detailsOf, prove } from "./deploy/update";
import { DeliveryError, messageOf } from "./errors";
import type { DeploymentRecord, LedgerView } from "./ledger";
import { pageOf, tellingFailure } from "./tellFailure";
import type { Verification } from "./releaseEvidence";

export interface ConcludeRequest {
  readonly release: Release;
  readonly verification: Verification;
  /** Why people did not approve what passed. Default: nobody refused it. */
  readonly refusal?: string;
  /** The execution of the pipeline. */
  readonly owner: string;
  /** Who, for people. */
  readonly actor: string;
}

export type ConcludeOptions = ConcludeRequest & Omit<PortOptions, "command">;

/**
 * Draws the conclusion from a verification: a release that passed is recorded as verified; one that failed is rolled
 * back, as a deployment of its own. Where new tasks wait for it beside the old ones, they get their first requests now, or never:
 * then ECS goes back, and the deployment itself ends as failed. It may be repeated.
 * @returns the deployment that was verified.
 * @throws DeliveryError when the verification failed, whatever became of the rollback: the stage is red.
 */
export function conclude(options: ConcludeOptions): Promise<DeploymentRecord> {
  return concludeThrough(makePorts({ ...options, command: "conclude" }), options);
}

/** {@link conclude}, by other means than AWS and Pulumi where a test wants them. */
export function concludeThrough(ports: Ports, request: ConcludeRequest): Promise<DeploymentRecord> {
  return tellingFailure(ports, { ...request, release: request.release.id }, () =>
    concluded(ports, request),
  );
}

async function concluded(ports: Ports, request: ConcludeRequest): Promise<DeploymentRecord> {
  const { progress, ledger, pointer, target } = ports;
  const { release, verification, owner, actor, refusal } = request;
  if (verification.release !== release.id) {
    throw new DeliveryError(
      `the verification is of release ${verification.release}, and not of ${release.id}. Nothing was changed.`,
    );
  }
  const [view, running] = await progress.step("guards", () =>
    Promise.all([ledger.recent(), pointer.read()]),
  );
  const record = concernedBy(view, release.id, owner);
  if (!record) {
    throw new DeliveryError(
      `${target.stack} has no deployment of release ${release.id} in its ledger. Nothing was changed.`,
    );
  }
  if (record.failedStage === "superseded") throw takenOver(ports, record);
  // Checks of what does not run say nothing, whether they passed or failed.
  await refuseReleaseAsleep(ports, view, { by: actor, release: release.id, what: "concluded" });
  if (verification.passed && refusal === undefined) {
    return record.status === "held"
      ? verifiedHeld(ports, record, owner, running)
      : verified(ports, record, running);
  }
  const why = refusal === undefined ? failedChecks(verification) : [refusal];
  for (const line of why) progress.note(line);
  const [reason = "verification failed", ...rest] = why;
  const [stage, what] =
    refusal === undefined
      ? (["verify", "failed its verification"] as const)
      : (["approval", "was not approved"] as const);
  const failed = `release ${release.id} ${what} on ${target.stack}: ${reason}`;
  if (record.status === "held") {
    requireOwn(ports, record, owner);
    const claimed = await claim(ports, record);
    const { details } = await takeBack(ports, claimed, new DeliveryError(reason, rest), stage);
    throw new DeliveryError(failed, details);
  }
  const outcome = await putBack(ports, request, record, view, running);
  await progress.step("record", () =>
    ledger.mark(record, { status: "failed", reason, restored: outcome.restored, stage }),
  );
  throw new DeliveryError(failed, [...rest, ...outcome.lines]);
}

/** Nobody concludes what another's verification decides. */
function requireOwn({ target }: Ports, record: DeploymentRecord, owner: string): void {
  if (record.owner === owner) return;
  throw new DeliveryError(
    `deployment ${record.number} of ${target.stack} waits for the verification by ${record.owner}, and this is ${owner}. ` +
      `Nothing was changed. To take it back: gantry rollback --stack ${target.stack}`,
  );
}

/** The new tasks have got no request yet: they do now. */
async function verifiedHeld(
  ports: Ports,
  held: DeploymentRecord,
  owner: string,
  running: Release | undefined,
): Promise<DeploymentRecord> {
  requireOwn(ports, held, owner);
  const { record, unproven } = await letGoOn(ports, await claim(ports, held), running);
  if (unproven.length > 0) throw notProven(ports.target.stack, record, unproven);
  return markVerified(ports, record);
}

interface Outcome {
  /** Id of the release that runs again. */
  readonly restored?: string;
  readonly lines: readonly string[];
}

async function putBack(
  ports: Ports,
  { release, owner, actor }: ConcludeRequest,
  record: DeploymentRecord,
  view: LedgerView,
  running: Release | undefined,
): Promise<Outcome> {
  const { progress, ledger, target } = ports;
  const { previous } = record;
  if (record.status === "failed" && record.restored) {
    return {
      restored: record.restored,
      lines: [`Concluded before: ${record.restored} was put back then.`],
    };
  }
  const begun = view.records.find(
    ({ kind, owner: by, number }) => kind === "rollback" && by === owner && number > record.number,
  );
  if (begun && succeeded(begun)) {
    return { restored: begun.release.id, lines: [`Rolled back: ${begun.release.id} runs.`] };
  }
  // A rollback of this execution that was cut off has moved the pointer, and the services perhaps not.
  const isHalfBack =
    previous !== undefined &&
    (isResumed(view, owner, previous.id) || (begun !== undefined && running?.id === previous.id));
  if (!isHalfBack && running?.id !== release.id) {
    return {
      lines: [
        `${target.stack} runs ${running?.id ?? "no release"} by now, which was not verified here: nothing was touched.`,
      ],
    };
  }
  if (!previous) {
    return {
      lines: [
        `There is nothing to roll back to: this was the first release of ${target.stack}. It runs on, unverified.`,
      ],
    };
  }
  try {
    const rolledBack = await progress.step("rollback", async () => {
      let isAstray = false;
      if (!isHalfBack) {
        await ports.pulumi.requireUnlocked();
        const { lines } = await findDrift(ports, view);
        for (const line of lines) progress.note(line);
        isAstray = lines.length > 0;
      }
      const begun = await ledger.begin(
        { kind: "rollback", release: previous, previous: release, owner, actor },
        view,
      );
      return execute(ports, {
        ...{ record: begun, running },
        releaseCommands: false,
        unsettled: isUnsettled(view) || isAstray,
      });
    });
    return {
      restored: rolledBack.release.id,
      lines: [`Rolled back: ${previous.id} runs, as deployment ${rolledBack.number}.`],
    };
  } catch (error) {
    return {
      lines: [
        `The rollback to ${previous.id} failed: ${messageOf(error)}`,
        ...detailsOf(error),
        `Once the cause is fixed: gantry rollback --stack ${target.stack} --to ${previous.id}`,
      ],
    };
  }
}

/** The deployment that was verified: this execution's, or the one of the release that another had made before. */
export function concernedBy(
  { records }: LedgerView,
  releaseId: string,
  owner: string,
): DeploymentRecord | undefined {
  const deployments = deploymentsOf({ records }, releaseId);
  return (
    deployments.find((record) => record.owner === owner && record.kind === "deploy") ??
    deployments.at(0)
  );
}

async function verified(
  ports: Ports,
  record: DeploymentRecord,
  running: Release | undefined,
): Promise<DeploymentRecord> {
  if (record.status === "verified") {
    return record;
  }
  if (running?.id !== record.release.id) {
    throw new DeliveryError(
      `${record.release.id} passed its verification, but ${ports.target.stack} runs ${running?.id ?? "no release"} by ` +
        "now: somebody went back from it. It is neither recorded as verified nor promoted. Nothing was changed.",
    );
  }
  if (record.status !== "deployed") {
    throw new DeliveryError(
      `deployment ${record.number} of ${ports.target.stack} is ${record.status}: it cannot be recorded as verified. ` +
        "Nothing was changed.",
    );
  }
  const unproven = await prove(ports, record.release);
  if (unproven.length > 0) throw notProven(ports.target.stack, record, unproven);
  return markVerified(ports, record);
}

async function markVerified(ports: Ports, record: DeploymentRecord): Promise<DeploymentRecord> {
  const { progress, ledger, target } = ports;
  const marked = await progress.step(
    "record",
    () => ledger.mark(record, { status: "verified" }),
    ({ release }) => `${release.id} verified`,
  );
  const { release, previous, number, owner, actor } = marked;
  await ports.tell({
    kind: "succeeded",
    what: `release ${release.id} runs, and is verified`,
    ...{ release: release.id, deployment: number, who: actor },
    ...(previous ? { why: `it takes the place of ${previous.id}` } : {}),
    link: pageOf(target, owner),
  });
  return marked;
}

/** Checks that pass without a task of the release have checked something else. */
function notProven(
  stack: string,
  { release, number }: DeploymentRecord,
  unproven: readonly string[],
): DeliveryError {
  return new DeliveryError(
    `${release.id} is unproven on ${stack}: no task of ${unproven.join(", ")} shall run (desired count 0), so nothing ` +
      `shows that it runs. Deployment ${number} stays deployed; it is neither recorded as verified nor promoted. ` +
      "Nothing was changed.",
    [
      `Scale it up (gantry status --stack ${stack} shows the tasks): gantry restore --stack ${stack}, or ` +
        `gantry scale <service> <tasks> --stack ${stack}. Then retry this stage.`,
    ],
  );
}

/** A line for each service whose checks failed, and the last lines that they printed. */
function failedChecks({ services }: Verification): string[] {
  return Object.entries(services).flatMap(([service, { passed, attempts, output }]) => {
    if (passed) return [];
    const tries = attempts > 1 ? ` ${attempts} times` : "";
    return [
      `the checks of ${service} failed${tries}`,
      ...output.slice(-20).map((line) => `  ${line}`),
    ];
  });
}
