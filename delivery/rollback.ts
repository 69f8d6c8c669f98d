import { execute } from "./deploy/execution";
import { isResumed, succeeded } from "./deploy/history";
import { makePorts, type PortOptions, type Ports } from "./deploy/ports";
import { DeliveryError } from "./errors";
import type { DeploymentRecord } from "./ledger";
import type { Release } from "../stacks/manifest";

export interface RollbackRequest {
  /** Id of the release. Default: the newest before the running one that was verified, else that was deployed. */
  readonly to?: string;
  readonly owner: string;
  /** Who, for people. */
  readonly actor: string;
}

export type RollbackOptions = RollbackRequest & Omit<PortOptions, "command">;

/**
 * Puts an earlier release in place: its images, with the program as it is now; no release command is run.
 * @returns the deployment, as the ledger has it.
 * @throws DeliveryError where the release is unknown or cannot run, or it failed (what ran before was put back).
 */
export function rollback(options: RollbackOptions): Promise<DeploymentRecord> {
  return rollbackThrough(makePorts({ ...options, command: "rollback" }), options);
}

/** {@link rollback}, by other means than AWS and Pulumi where a test wants them. */
export async function rollbackThrough(
  ports: Ports,
  { to, owner, actor }: RollbackRequest,
): Promise<DeploymentRecord> {
  const { progress, ledger, pointer, target } = ports;
  const [view, running] = await progress.step("guards", () =>
    // The releases of long ago are to be had too, where one is asked for by its id.
    Promise.all([ledger.recent(to === undefined ? undefined : Infinity), pointer.read()]),
  );
  const resumed = view.records.find(
    ({ kind, release }) =>
      kind === "rollback" &&
      isResumed(view, owner, release.id) &&
      (to === undefined || to === release.id),
  );
  const release = resumed?.release ?? rollbackTarget(view.records, running, to, target.stack);
  await progress.step("preflight", (note) => ports.preflight(release, note));
  const record = await progress.step(
    "lock",
    () => ledger.begin({ kind: "rollback", release, previous: running, owner, actor }, view),
    ({ number }) => `deployment ${number}`,
  );
  return execute(ports, { record, running, releaseCommands: false });
}

/**
 * The release that a rollback goes to.
 * @param records newest first.
 * @throws DeliveryError naming those that there are.
 */
export function rollbackTarget(
  records: readonly DeploymentRecord[],
  running: Release | undefined,
  to: string | undefined,
  stack: string,
): Release {
  const others = records.filter(({ release }) => release.id !== running?.id);
  const good = others.filter(succeeded);
  if (to !== undefined) {
    if (to === running?.id) {
      throw new DeliveryError(`${stack} runs ${to} already. Nothing was changed.`);
    }
    // Whoever names a release may want one that failed for reasons of that day.
    const named = others.find(({ release }) => release.id === to);
    if (named) return named.release;
    throw new DeliveryError(
      `${stack} never had a release ${to}. Nothing was changed. Name one of these with --to:`,
      listed(others),
    );
  }
  const before = good.filter(({ number }) => number < newestNumber(records, running));
  const found = before.find(({ status }) => status === "verified") ?? before.at(0);
  if (!found) {
    throw new DeliveryError(
      `${stack} has no release before ${running?.id ?? "the first"} that was deployed. Nothing was changed.`,
      listed(others),
    );
  }
  return found.release;
}

/** The number of the deployment that brought what runs; everything counts as before it where the ledger forgot. */
function newestNumber(records: readonly DeploymentRecord[], running: Release | undefined): number {
  const own = records.find((record) => record.release.id === running?.id && succeeded(record));
  return own?.number ?? Infinity;
}

function listed(records: readonly DeploymentRecord[]): string[] {
  const seen = new Map<string, DeploymentRecord>();
  for (const record of records) {
    if (!seen.has(record.release.id)) seen.set(record.release.id, record);
  }
  const lines = [...seen.values()].map(
    ({ release, status, begunAt }) => `${release.id}  ${status}  ${begunAt}`,
  );
  return lines.length > 0 ? lines : ["none: nothing else has been deployed yet"];
}
