import { closedWindow } from "../contract/deploymentWindows";
import { deliveryTimes } from "../contract/times";
import { wallText } from "../contract/zonedTime";
import type { Ports } from "./deploy/ports";
import { DeliveryError } from "./errors";
import type { FiringAlarm } from "./gates/alarms";
import type { Target } from "./target";

/** What may keep a release from being deployed, though nothing is wrong with it. */
export type GateName = "windows" | "alarms";

/** A gate that lets nothing through at the moment. */
export interface ClosedGate {
  readonly gate: GateName;
  /** Why, for people: `it is outside of the deployment windows`. */
  readonly why: string;
  /** When it opens by itself: ISO 8601, UTC. Absent where nobody knows. */
  readonly opensAt?: string;
  /** The same, for people: `2026-12-01 09:00 Europe/Berlin`. */
  readonly opensAtText?: string;
}

/** How often alarms are asked while they fire. */
const pollMs = 15_000;

type GatePorts = Pick<Ports, "target" | "alarms"> & { readonly clock: Pick<Ports["clock"], "now"> };

/** The gates of an environment that are closed at the moment. */
export async function closedGates({ target, clock, alarms }: GatePorts): Promise<ClosedGate[]> {
  const { firing } = await alarms();
  return [...windowGate(target.config.pipeline?.windows, clock.now()), ...firing.map(alarmGate)];
}

/**
 * Lets a release through, or refuses it. Alarms that fire are waited for, so long as `deliveryTimes` says: many are OK a
 * few minutes after what was wrong is over.
 * @throws DeliveryError naming each gate that is closed, until when it is, and the way on; nothing was changed.
 */
export async function passGates(
  ports: GatePorts & Pick<Ports, "clock" | "progress" | "deadline">,
  releaseId: string,
): Promise<void> {
  const { target, clock, progress } = ports;
  const { stack, config } = target;
  refuseClosed(stack, releaseId, windowGate(config.pipeline?.windows, clock.now()));
  const until = clock.now().getTime() + deliveryTimes(config).alarmMinutes * 60_000;
  let isTold = false;
  for (;;) {
    const { firing, unknown } = await ports.alarms();
    if (!isTold && unknown.length > 0) {
      progress.note(`alarms without data, which hold nothing back: ${unknown.join(", ")}`);
    }
    if (firing.length === 0) return;
    const closed = firing.map(alarmGate);
    if (clock.now().getTime() >= until) refuseClosed(stack, releaseId, closed);
    if (!isTold) progress.note(`waiting: ${closed.map(gateText).join("; and ")}`);
    isTold = true;
    ports.deadline.requireTime("the wait for alarms");
    await clock.sleep(pollMs);
  }
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
      ...(opensAt && {
        opensAt: opensAt.toISOString(),
        opensAtText: wallText(opensAt, windows.timezone),
      }),
    },
  ];
}

function alarmGate({ name, since, reason }: FiringAlarm): ClosedGate {
  return {
    gate: "alarms",
    why: `the alarm ${name} fires${since ? ` since ${since}` : ""}${reason ? ` (${reason})` : ""}`,
  };
}

/** For people: why, and until when. */
export function gateText({ why, opensAtText }: ClosedGate): string {
  return opensAtText === undefined ? why : `${why}; it opens at ${opensAtText}`;
}

function refuseClosed(stack: string, releaseId: string, gates: readonly ClosedGate[]): void {
  if (gates.length === 0) return;
  throw new DeliveryError(
    `release ${releaseId} is not deployed to ${stack} now: ${gates.map(gateText).join("; and ")}. Nothing was changed. ` +
      "After that, retry its stage in CodePipeline, or run this again. A rollback is possible at any time.",
  );
}
