import type { Release } from "../../contract/manifest";
import type { DeploymentRecord, LedgerView } from "../ledger";

/** Whether a deployment came to its good end, as far as is known by now. */
export function succeeded({ status }: Pick<DeploymentRecord, "status">): boolean {
  return status === "deployed" || status === "verified";
}

/**
 * The release to go back to should the next one fail: what the pointer says, unless the deployment that wrote it never
 * came to its end; then what that one had found.
 */
export function provenRelease(
  { records }: LedgerView,
  pointer: Release | undefined,
): Release | undefined {
  const told = records.find(
    ({ release, restored }) => release.id === pointer?.id || restored === pointer?.id,
  );
  const isUnproven =
    pointer && told && told.release.id === pointer.id && told.restored !== pointer.id;
  return isUnproven && !succeeded(told) ? told.previous : pointer;
}

/**
 * Whether the newest deployment was cut off for good, or failed and could not be taken back: what Pulumi's state and the
 * pointer say of the services need not be true then.
 */
export function isUnsettled({ records }: Pick<LedgerView, "records">): boolean {
  const newest = records.at(0);
  return newest?.status === "failed" && newest.restored === undefined;
}

/** {@link isUnsettled}, as it was before a deployment was begun. */
export function wasUnsettled({ records }: Pick<LedgerView, "records">, number: number): boolean {
  return isUnsettled({ records: records.filter((record) => record.number < number) });
}

/** Whether a deployment has taken the place of one that was held, from which it goes back whatever becomes of itself. */
export function tookOver({ records }: Pick<LedgerView, "records">, number: number): boolean {
  return records.find((record) => record.number < number)?.failedStage === "superseded";
}

/** Whether the newest deployment waits for its verification, as far as the ledger knows. */
export function isHeld({ records }: Pick<LedgerView, "records">): boolean {
  return records.at(0)?.status === "held";
}

/** The number of the newest deployment that may have changed what runs, which a restart does not; 0 before the first. */
export function newestChange({ records }: Pick<LedgerView, "records">): number {
  return records.find(mayChange)?.number ?? 0;
}

/** The deployments that brought a release, or put it back, newest first: not those that restarted its tasks. */
export function deploymentsOf(
  { records }: Pick<LedgerView, "records">,
  releaseId: string | undefined,
): DeploymentRecord[] {
  return records.filter((record) => record.release.id === releaseId && mayChange(record));
}

/** The newest of them. */
export function newestOf(view: LedgerView, releaseId: string): DeploymentRecord | undefined {
  return deploymentsOf(view, releaseId).at(0);
}

/** The deployment by which a release runs, so that it would not be deployed again. @param running what the pointer says. */
export function deployedAlready(
  view: LedgerView,
  releaseId: string,
  running: Release | undefined,
): DeploymentRecord | undefined {
  const newest = newestOf(view, releaseId);
  const runs = newest && succeeded(newest) && running?.id === releaseId && !view.lock;
  return runs ? newest : undefined;
}

function mayChange({ kind }: DeploymentRecord): boolean {
  return kind !== "restart";
}

/** Whether this owner's run of this release was cut off and is taken up now. */
export function isResumed({ lock }: LedgerView, owner: string, releaseId: string): boolean {
  return lock?.owner === owner && lock.releaseId === releaseId;
}
