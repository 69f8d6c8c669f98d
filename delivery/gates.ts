import { closedWindow } from "../contract/deploymentWindows";
import { deliveryTimes } from "../contract/times";
import { wallText } from "../contract/zonedTime";
import type { Ports } from "./deploy/ports";
import { DeliveryError } from "./errors";
import type { FiringAlarm } from "./gates/alarms";
import type { Promoted } from "./guards";
import type { LedgerView, Override } from "./ledger";
import { overrideOf } from "./ledger/notes";
import type { Target } from "./target";

/** What may keep a release from being deployed, though nothing is wrong with it. */
export const gateNames = ["windows", "alarms", "soak"] as const;

export type GateName = (typeof gateNames)[number];

/** A gate that lets nothing through at the moment. */
export interface ClosedGate {
  readonly gate: GateName;
  /** Why, for people: `it is outside of the deployment windows`. */
  readonly why: string;
  /** When it opens by itself: ISO 8601, UTC. Absent where nobody knows. */
  readonly opensAt?: string;
  /** The same, for people: `2026-12-01 09:00 Europe/Berlin`. */
  readonly opensAtText?: string;
  /** What lets the release past nevertheless. */
  readonly override?: Override;
}

/** How often alarms are asked while they fire. */
const pollMs = 15_000;

type GatePorts = Pick<Ports, "target" | "alarms"> & { readonly clock: Pick<Ports["clock"], "now"> };

/**
 * The gates of an environment that are closed at the moment.
 * @param release that is to be let past, with what was noted about the environment. Default: none.
 */
export async function closedGates(
  { target, clock, alarms }: GatePorts,
  release?: Passing,
): Promise<ClosedGate[]> {
  const { firing } = await alarms();
  const now = clock.now();
  const closed = [
    ...windowGate(target.config.pipeline?.windows, now),
    ...(release ? soakGate(target.config.pipeline, release, now) : []),
    ...firing.map(alarmGate),
  ];
  return release ? closed.map((gate) => overridden(gate, release, now)) : closed;
}

/** A release before the gates. */
export interface Passing {
  readonly releaseId: string;
  readonly view: Pick<LedgerView, "standing">;
  /** The newest release that was promoted into the environment. Default: none is. */
  readonly promoted?: Promoted;
}

function overridden(gate: ClosedGate, { releaseId, view }: Passing, now: Date): ClosedGate {
  const asked = { gate: gate.gate, release: releaseId, now };
  const override = view.standing && overrideOf(view.standing, asked);
  return override ? { ...gate, override } : gate;
}

/**
 * Lets a release through, or refuses it. Alarms that fire are waited for, so long as `deliveryTimes` says: many are OK a
 * few minutes after what was wrong is over.
 * @throws DeliveryError naming each gate that is closed, until when it is, and the way on; nothing was changed.
 */
export async function passGates(
  ports: GatePorts & Pick<Ports, "clock" | "progress" | "deadline">,
  release: Passing,
): Promise<void> {
  const { target, clock, progress } = ports;
  const { stack, config } = target;
  const isClosed = (gates: readonly ClosedGate[]) =>
    gates
      .map((gate) => overridden(gate, release, clock.now()))
      .filter((gate) => {
        if (gate.override) progress.note(gateText(gate));
        return gate.override === undefined;
      });
  const byTime = [
    ...windowGate(config.pipeline?.windows, clock.now()),
    ...soakGate(config.pipeline, release, clock.now()),
  ];
  refuseClosed(stack, release, isClosed(byTime));
  const until = clock.now().getTime() + deliveryTimes(config).alarmMinutes * 60_000;
  let isTold = false;
  for (;;) {
    const { firing, unknown } = await ports.alarms();
    if (!isTold && unknown.length > 0) {
      progress.note(`alarms without data, which hold nothing back: ${unknown.join(", ")}`);
    }
    const closed = isClosed(firing.map(alarmGate));
    if (closed.length === 0) return;
    if (clock.now().getTime() >= until) refuseClosed(stack, release, closed);
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

/** Its bundle comes as soon as it is verified where it was before, and once: that is when it began to prove itself there. */
function soakGate(
  pipeline: Target["config"]["pipeline"],
  { releaseId, promoted }: Passing,
  now: Date,
): ClosedGate[] {
  if (!pipeline || promoted?.promotedAt === undefined || promoted.id !== releaseId) return [];
  const { soakMinutes, promoteFrom, windows } = pipeline;
  const minute = 60_000;
  // Whole minutes, since that is what is told.
  const arrived = Math.ceil(Date.parse(promoted.promotedAt) / minute);
  const opensAt = new Date((arrived + soakMinutes) * minute);
  if (soakMinutes === 0 || now >= opensAt) return [];
  return [
    {
      gate: "soak",
      why: `it was verified in ${promoteFrom.stack} at ${promoted.promotedAt}, and soaks there for ${soakMinutes} minutes`,
      opensAt: opensAt.toISOString(),
      opensAtText: wallText(opensAt, windows?.timezone ?? "UTC"),
    },
  ];
}

function alarmGate({ name, since, reason }: FiringAlarm): ClosedGate {
  return {
    gate: "alarms",
    why: `the alarm ${name} fires${since ? ` since ${since}` : ""}${reason ? ` (${reason})` : ""}`,
  };
}

/** For people: why, and until when, or what lets the release past. */
export function gateText({ why, opensAtText, override }: ClosedGate): string {
  if (override) return `${why}; ${overrideText(override)}`;
  return opensAtText === undefined ? why : `${why}; it opens at ${opensAtText}`;
}

/** What a closed gate means for a release. */
export function gateHeading({ override }: ClosedGate): string {
  return override ? "Let past" : "Deployed later";
}

/** For people: what is let past, who did so, until when and why. */
export function overrideText({ gates, by, until, reason, release }: Override): string {
  const which = release === undefined ? "" : ` for ${release}`;
  return `${gates.join(", ")} overridden${which} until ${until} by ${by}: ${reason}`;
}

function refuseClosed(stack: string, { releaseId }: Passing, gates: readonly ClosedGate[]): void {
  if (gates.length === 0) return;
  throw new DeliveryError(
    `release ${releaseId} is not deployed to ${stack} now: ${gates.map(gateText).join("; and ")}. Nothing was changed. ` +
      "After that, retry its stage in CodePipeline, or run this again. For a hotfix, first: " +
      `gantry override --stack ${stack} --reason "..." --release ${releaseId}. A rollback is possible at any time.`,
  );
}
