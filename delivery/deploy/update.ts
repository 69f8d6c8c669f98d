import type { Release } from "../../contract/manifest";
import type { Ownership } from "../engine";
import { DeliveryError } from "../errors";
import type { DeploymentRecord } from "../ledger";
import type { Ports } from "./ports";

/** The hosts on which updates of a deployment have been started. */
export function hostsOf({ updatingHost }: DeploymentRecord): string[] {
  return updatingHost?.split(" ") ?? [];
}

/** Whose locks of Pulumi's state may be cleared for a deployment. */
export function ownershipOf(record: DeploymentRecord): Ownership {
  return { hosts: hostsOf(record), since: new Date(record.begunAt) };
}

/** Notes that this host updates now: beside those before it, whose locks may still be there. */
export async function noteUpdate(
  { ledger, host }: Ports,
  record: DeploymentRecord,
): Promise<DeploymentRecord> {
  const hosts = hostsOf(record);
  return hosts.includes(host)
    ? record
    : ledger.note(record, { event: "updating", host: [...hosts, host].join(" ") });
}

/**
 * Waits until a release runs, and only it.
 * @param since when the services began to be updated to it: what ECS rolled back after that is a failure. Default: what
 *   ECS rolled back is told by the digest alone.
 * @returns the services of which no task shall run, so that the release is unproven there.
 */
export async function settle(
  { progress, ...ports }: Ports,
  release: Release,
  since?: Date,
): Promise<readonly string[]> {
  await progress.step("steady state", (note) => ports.steadyState(release, note, since));
  return prove({ progress, ...ports }, release);
}

/** Asks the running tasks what they run. @returns as {@link settle}. */
export function prove(
  { progress, ...ports }: Pick<Ports, "progress" | "truth">,
  release: Release,
): Promise<readonly string[]> {
  return progress.step(
    "truth",
    (note) => ports.truth(release, note),
    (unproven) => (unproven.length > 0 ? `unproven: ${unproven.join(", ")}` : "done"),
  );
}

export function secondsSince(begunAt: string, now: Date): number {
  return Math.max(0, Math.round((now.getTime() - Date.parse(begunAt)) / 1000));
}

export function detailsOf(error: unknown): readonly string[] {
  return error instanceof DeliveryError ? error.details : [];
}
