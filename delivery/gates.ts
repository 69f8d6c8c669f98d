import { closedWindow } from "../contract/deploymentWindows";
import { deliveryTimes } from "../contract/times";
import type { Ports } from "./deploy/ports";
import { DeliveryError, messageOf } from "./errors";
import type { FiringAlarm } from "./gates/alarms";
import { opening, type ClosedGate } from "./gates/closedGate";
import { soakGate, type Soaking } from "./gates/soakGate";
import { noteRefused } from "./gates/refused";
import type { LedgerView, Override, Refused } from "./ledger";
import { overrideOf } from "./ledger/notes";
import { retryCommand, sleepText, wakeCommand } from "./ledger/refusals";
import type { Target } from "./target";

export { gateNames, type ClosedGate, type GateName } from "./gates/closedGate";

/** How often alarms are asked while they fire. */
const pollMs = 15_000;

type GatePorts = Pick<Ports, "target" | "alarms"> & { readonly clock: Pick<Ports["clock"], "now"> };

type SoakPorts = Pick<Ports, "before">;

/** The gates of an environment that are closed at the moment to whatever would come. */
export async function closedGates({ target, clock, alarms }: GatePorts): Promise<ClosedGate[]> {
  const { firing } = await alarms();
  return [
    ...windowGate(target.config.pipeline?.windows, clock.now()),
    ...firing.map((alarm) => alarmGate(alarm)),
  ];
}

/** The gates that are closed to a release at the moment, and what was noted that lets it past. */
export async function closedTo(
  ports: GatePorts & SoakPorts,
  release: Passing,
): Promise<ClosedGate[]> {
  const [closed, soak] = await Promise.all([closedGates(ports), soakOfRelease(ports, release)]);
  const now = ports.clock.now();
  return [
    ...sleepGate(ports.target.stack, release.view, now),
    ...[...closed, ...soak].map((gate) => overridden(gate, release, now)),
  ];
}

/** Told to who approves: `gantry wake` has what was refused meanwhile tried again. */
function sleepGate(stack: string, { standing }: LedgerView, now: Date): ClosedGate[] {
  if (!standing?.sleep) return [];
  const why = `${stack} is ${sleepText(standing.sleep, now)}, until ${wakeCommand(stack)}`;
  return [{ gate: "sleep", why, isAwaited: true }];
}

/** A release before the gates. */
export interface Passing extends Pick<Soaking, "releaseId" | "promoted"> {
  readonly view: LedgerView;
}

function soakOfRelease(
  { target, clock, before }: Pick<GatePorts, "target" | "clock"> & SoakPorts,
  release: Passing,
): Promise<ClosedGate[]> {
  return soakGate(target.config.pipeline, { ...release, before, now: clock.now() });
}

function overridden(gate: ClosedGate, { releaseId, view }: Passing, now: Date): ClosedGate {
  const asked = { gate: gate.gate, release: releaseId, now };
  const override = view.standing && overrideOf(view.standing, asked);
  return override ? { ...gate, override } : gate;
}

/**
 * Lets a release through, or refuses it. What opens at a time that is known has the stage tried again then. Alarms that fire are
 * waited for, so long as `deliveryTimes` says: many are OK a few minutes after what was wrong is over. An override that
 * somebody sets meanwhile counts, too.
 * @throws DeliveryError naming each gate that is closed, until when it is, and the way on; nothing was changed.
 */
export async function passGates(
  ports: GatePorts &
    SoakPorts &
    Pick<Ports, "clock" | "progress" | "deadline" | "retry" | "ledger">,
  release: Passing & Pick<Refused, "by">,
): Promise<void> {
  const { target, clock, progress } = ports;
  const { config } = target;
  const isClosed = (gates: readonly ClosedGate[], view = release.view) =>
    gates
      .map((gate) => overridden(gate, { ...release, view }, clock.now()))
      .filter((gate) => {
        if (gate.override) progress.note(gateText(gate));
        return gate.override === undefined;
      });
  const byTime = [
    ...windowGate(config.pipeline?.windows, clock.now()),
    ...(await soakOfRelease(ports, release)),
  ];
  const closedByTime = isClosed(byTime);
  if (closedByTime.length > 0) {
    throw await refusal(ports, release, closedByTime, await triedAgain(ports, closedByTime));
  }
  const until = clock.now().getTime() + deliveryTimes(config).alarmMinutes * 60_000;
  let isTold = false;
  let { view } = release;
  for (;;) {
    const { firing, unknown } = await ports.alarms();
    if (!isTold && unknown.length > 0) {
      progress.note(`alarms without data, which hold nothing back: ${unknown.join(", ")}`);
    }
    const closed = isClosed(firing.map(alarmGate), view);
    if (closed.length === 0) return;
    // When it is over nobody knows: a person has to look at it.
    if (clock.now().getTime() >= until) {
      throw await refusal(ports, { ...release, view }, closed, byHand(ports));
    }
    if (!isTold) progress.note(`waiting: ${closed.map(gateText).join("; and ")}`);
    isTold = true;
    ports.deadline.requireTime("the wait for alarms");
    await clock.sleep(pollMs);
    view = await ports.ledger.recent(1);
  }
}

/** What becomes of a release that is refused. */
interface Again {
  /** For people. */
  readonly text: string;
  /** ISO 8601, UTC. Absent where nobody tries it again. */
  readonly retryAt?: string;
}

function triedByHand(stack: string): string {
  return `After that, retry its stage (${retryCommand(stack)}), or run this again.`;
}

function byHand({ target: { stack } }: Pick<Ports, "target">): Again {
  return { text: `Nobody tries it again by itself. ${triedByHand(stack)}` };
}

/** Has the stage tried again when the last of the gates opens. */
async function triedAgain(
  ports: Pick<Ports, "retry" | "target">,
  gates: readonly ClosedGate[],
): Promise<Again> {
  const { retry } = ports;
  const times = gates.flatMap(({ isAwaited, opensAt, opensAtText }) =>
    isAwaited && opensAt !== undefined ? [{ opensAt, opensAtText }] : [],
  );
  if (!retry || times.length < gates.length) return byHand(ports);
  const { opensAt, opensAtText } = times.reduce((one, other) =>
    one.opensAt > other.opensAt ? one : other,
  );
  try {
    await retry.at(new Date(opensAt));
    return {
      text: `Its stage is tried again by itself at ${opensAtText}, unless a newer release has come into it.`,
      retryAt: opensAt,
    };
  } catch (error) {
    return {
      text: `That its stage is tried again by itself could not be arranged: ${messageOf(error)}. ${triedByHand(ports.target.stack)}`,
    };
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
      ...(opensAt && opening(opensAt, now, windows.timezone)),
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

/** For people who approve: that they need not wait for what opens by itself; nothing where no gate does. */
export function waitText(gates: readonly ClosedGate[]): string[] {
  const closed = gates.filter(({ gate, override }) => gate !== "alarms" && !override);
  const waits = closed.length > 0 && closed.every(({ isAwaited }) => isAwaited);
  return waits ? ["Approved before, it is deployed then by itself"] : [];
}

/** For people: what is let past, who did so, until when and why. */
export function overrideText({ gates, by, until, reason, release }: Override): string {
  const which = release === undefined ? "" : ` for ${release}`;
  return `${gates.join(", ")} overridden${which} until ${until} by ${by}: ${reason}`;
}

/** Notes that a release is refused, and says so. */
async function refusal(
  ports: Pick<Ports, "ledger" | "progress" | "target">,
  { releaseId, view, by }: Passing & Pick<Refused, "by">,
  gates: readonly ClosedGate[],
  { text, retryAt }: Again,
): Promise<DeliveryError> {
  const { stack } = ports.target;
  const why = gates.map(gateText).join("; and ");
  const again = retryAt === undefined ? {} : { retryAt };
  const names = gates.map(({ gate }) => gate);
  await noteRefused(ports, view, { by, release: releaseId, reason: why, gates: names, ...again });
  const hotfix = `For a hotfix, before a retry by hand: gantry override --stack ${stack} --reason "..." --release ${releaseId}.`;
  return new DeliveryError(
    `release ${releaseId} is not deployed to ${stack} now: ${why}. Nothing was changed. ` +
      `${text} ${hotfix} A rollback is possible at any time.`,
    [],
    { kind: "held", told: { why, nextSteps: [text, hotfix], ...again } },
  );
}
