import { concludeThrough, concernedBy, type ConcludeRequest } from "./conclude";
import { takenOver } from "./concludeHeld";
import { makePorts, type PortOptions, type Ports } from "./deploy/ports";
import { DeliveryError } from "./errors";
import { evidenceSince, evidenceSummary, type PlanEvidence } from "./evidence";
import type { ReleaseEvidence } from "./releaseEvidence";
import { tellingFailure } from "./tellFailure";
import { tellWaiting } from "./tellWaiting";

export interface ConfirmRequest extends Omit<ConcludeRequest, "refusal"> {
  /** Of the plan that was deployed. */
  readonly evidence: PlanEvidence;
  /** What was promoted with the release. */
  readonly known: () => Promise<ReleaseEvidence>;
}

export type ConfirmOptions = ConfirmRequest & Omit<PortOptions, "command">;

/**
 * What a person is asked whose approval comes after the verification. What failed its verification, or what they have refused or
 * not answered in time, is taken back instead, as by `conclude`. It may be repeated.
 * @returns one line for the approval.
 * @throws DeliveryError where there is nothing to ask: the release was taken back, now or before.
 */
export function confirm(options: ConfirmOptions): Promise<string> {
  return confirmThrough(makePorts({ ...options, command: "confirm" }), options);
}

/** {@link confirm}, by other means than AWS and Pulumi where a test wants them. */
export function confirmThrough(ports: Ports, request: ConfirmRequest): Promise<string> {
  return tellingFailure(ports, { ...request, release: request.release.id }, () =>
    confirmed(ports, request),
  );
}

async function confirmed(ports: Ports, request: ConfirmRequest): Promise<string> {
  const { execution, ledger, progress, target } = ports;
  const { evidence, release, verification, owner } = request;
  const refusal = await progress.step("approval", () => execution?.refusal() ?? none);
  if (!verification.passed || refusal !== undefined) {
    await concludeThrough(ports, verification.passed ? { ...request, refusal } : request);
  }
  const record = concernedBy(await ledger.recent(), release.id, owner);
  if (record?.failedStage === "superseded") throw takenOver(ports, record);
  if (record === undefined || record.status === "failed" || verification.release !== release.id) {
    const reason = record?.reason ? `: ${record.reason.split("\n")[0]}` : "";
    throw new DeliveryError(
      `there is nothing to approve: release ${release.id} was verified, and does not wait on ${target.stack}${reason}. ` +
        `Nothing was changed. See gantry history --stack ${target.stack}.`,
    );
  }
  const here = { verification, waits: record.status === "held" };
  const { previous } = record;
  const isSame = evidence.running?.release === previous?.id;
  const found = isSame
    ? evidence
    : evidenceSince(evidence, await request.known(), release, previous);
  await tellWaiting(ports, { ...found, here }, owner);
  return evidenceSummary({ ...found, here });
}

const none = Promise.resolve(undefined);
