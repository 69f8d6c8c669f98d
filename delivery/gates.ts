import { closedWindow } from "../contract/deploymentWindows";
import { wallText } from "../contract/zonedTime";
import { DeliveryError } from "./errors";
import type { Target } from "./target";

/** What may keep a release from being deployed, though nothing is wrong with it. */
export type GateName = "windows";

/** A gate that lets nothing through at the moment. */
export interface ClosedGate {
  readonly gate: GateName;
  /** Why, for people: `outside of the deployment windows`. */
  readonly why: string;
  /** When it opens by itself: ISO 8601, UTC. Absent where nobody knows. */
  readonly opensAt?: string;
  /** The same, for people: `2026-12-01 09:00 Europe/Berlin`. */
  readonly opensAtText?: string;
}

/** The gates of an environment that are closed at a moment. */
export function closedGates({ config }: Pick<Target, "config">, now: Date): ClosedGate[] {
  return [...windowGate(config.pipeline?.windows, now)];
}

type Windows = NonNullable<Target["config"]["pipeline"]>["windows"];

function windowGate(windows: Windows, now: Date): ClosedGate[] {
  const closed = windows && closedWindow(windows, now);
  if (!closed) return [];
  const { freeze, opensAt } = closed;
  const reason = freeze?.reason === undefined ? "" : `: ${freeze.reason}`;
  return [
    {
      gate: "windows",
      why: freeze
        ? `deployments are frozen from ${freeze.from} to ${freeze.to}${reason}`
        : "it is outside of the deployment windows",
      ...(opensAt
        ? {
            opensAt: opensAt.toISOString(),
            opensAtText: wallText(opensAt, windows.timezone),
          }
        : {}),
    },
  ];
}

/** For people: why, and until when. */
export function gateText({ why, opensAtText }: ClosedGate): string {
  return opensAtText === undefined ? why : `${why}; it opens at ${opensAtText}`;
}

/**
 * Refuses a release where a gate is closed.
 * @throws DeliveryError naming each, until when it is, and the way on.
 */
export function refuseClosed(stack: string, releaseId: string, gates: readonly ClosedGate[]): void {
  if (gates.length === 0) return;
  throw new DeliveryError(
    `release ${releaseId} is not deployed to ${stack} now: ${gates.map(gateText).join("; and ")}. Nothing was changed. ` +
      "After that, retry its stage in CodePipeline, or run this again. A rollback is possible at any time.",
  );
}
