import type { Release } from "../../contract/manifest";
import type { Ownership } from "../engine";
import { DeliveryError } from "../errors";
import type { DeploymentRecord } from "../ledger";
import type { HeldService } from "../steadyState";
import type { Ports } from "./ports";
import type { WaitOptions } from "./servicePorts";

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

/** How a release runs. */
export interface Settled {
  /** Services whose new tasks wait for an answer beside those from before. None where every one was to go on. */
  readonly held: readonly HeldService[];
  /** Services of which no task shall run, so that the release is unproven there. */
  readonly unproven: readonly string[];
}

/** Waits until a release runs, and only it, or is held. */
export async function settle(
  { progress, ...ports }: Ports,
  release: Release,
  options?: WaitOptions,
): Promise<Settled> {
  const held = await progress.step(
    "steady state",
    (note) => ports.steadyState(release, note, options),
    (found) => (found.length > 0 ? `held: ${namesOf(found)}` : "done"),
  );
  return { held, unproven: await prove({ progress, ...ports }, release, held) };
}

export function namesOf(services: readonly { readonly service: string }[]): string {
  return services.map(({ service }) => service).join(", ");
}

/**
 * Asks the running tasks what they run.
 * @param held services whose new tasks alone are asked. Default: none.
 * @returns the services of which no task shall run.
 */
export function prove(
  { progress, ...ports }: Pick<Ports, "progress" | "truth">,
  release: Release,
  held?: readonly HeldService[],
): Promise<readonly string[]> {
  return progress.step(
    "truth",
    (note) => ports.truth(release, note, held),
    (unproven) => (unproven.length > 0 ? `unproven: ${unproven.join(", ")}` : "done"),
  );
}

export function secondsSince(begunAt: string, now: Date): number {
  return Math.max(0, Math.round((now.getTime() - Date.parse(begunAt)) / 1000));
}

export function detailsOf(error: unknown): readonly string[] {
  return error instanceof DeliveryError ? error.details : [];
}
