import type { DeploymentEvent, DeploymentRecord, LedgerEvent } from "./events";

/**
 * The deployment that events tell.
 * @param events of one deployment, oldest first; may end anywhere.
 * @returns undefined where its beginning is missing.
 */
export function foldEvents(events: readonly LedgerEvent[]): DeploymentRecord | undefined {
  const [begun, ...later] = events;
  if (begun?.event !== "begun") return undefined;
  const { number, kind, release, previous, owner, actor, at, origin, services } = begun;
  const record: DeploymentRecord = {
    number,
    kind,
    release,
    ...(previous ? { previous } : {}),
    owner,
    actor,
    begunAt: at,
    status: "inProgress",
    releaseCommandDone: false,
    history: [begun.event],
    times: { [begun.event]: at },
    ...(origin ? { origin } : {}),
    ...(services ? { services } : {}),
  };
  return later.reduce(applyEvent, record);
}

/** The deployment after one more event. */
export function applyEvent(record: DeploymentRecord, told: LedgerEvent): DeploymentRecord {
  return {
    ...record,
    ...changeBy(record, told),
    history: [...record.history, told.event],
    // Made again after its good end, a deployment is told as deployed once more: the first time is the one that users met it.
    times: { [told.event]: told.at, ...record.times },
  };
}

function changeBy(record: DeploymentRecord, told: LedgerEvent): Partial<DeploymentRecord> {
  switch (told.event) {
    case "releaseCommand":
      return { releaseCommandDone: true };
    case "updating":
      return { updatingHost: told.host };
    case "held":
      // Somebody has taken its lock away meanwhile: nobody is to conclude it.
      return record.status === "failed"
        ? {}
        : { status: "held", held: told.services, seconds: told.seconds };
    case "deployed":
      return {
        status: "deployed",
        held: undefined,
        endedAt: told.at,
        seconds: told.seconds,
        // It may have been taken for abandoned before.
        reason: undefined,
        failedStage: undefined,
        restored: undefined,
        unproven: told.unproven,
      };
    case "verified":
      return { status: "verified", unproven: undefined };
    case "failed":
      return {
        status: "failed",
        held: undefined,
        endedAt: told.at,
        reason: told.reason,
        failedStage: told.stage,
        restored: told.restored,
        seconds: told.seconds ?? secondsUntil(record, told.at),
      };
    case "unlocked":
      return { unlockedBy: told.actor, ...unlocked(record, told.actor, told.at) };
    default:
      // A second beginning, or an event of a newer version, changes nothing that is known here.
      return {};
  }
}

/** Of one that ends by another's hand, as where a newer one takes its place: until then. What it took to its own end stays. */
function secondsUntil(
  { begunAt, endedAt, seconds }: DeploymentRecord,
  at: string,
): number | undefined {
  if (endedAt !== undefined) return seconds;
  return Math.max(0, Math.round((Date.parse(at) - Date.parse(begunAt)) / 1000));
}

/** What was in progress then counts as failed. */
function unlocked(
  { status }: DeploymentRecord,
  actor: string,
  endedAt: string,
): Partial<DeploymentRecord> {
  if (status !== "inProgress" && status !== "held") return {};
  return {
    status: "failed",
    held: undefined,
    endedAt,
    reason:
      status === "held"
        ? `${actor} took its lock away before it was concluded`
        : `abandoned: ${actor} took its lock away`,
    failedStage: status === "held" ? "verify" : "deploy",
  };
}

/** Whether the ledger has the event already, so that noting it again is nothing to do. */
export function isTold(record: DeploymentRecord, event: DeploymentEvent): boolean {
  switch (event.event) {
    case "updating":
      return record.updatingHost === event.host;
    case "failed":
      return (
        record.status === "failed" &&
        record.failedStage === event.stage &&
        (event.restored === undefined || event.restored === record.restored) &&
        !wasUnlocked(record)
      );
    case "unlocked":
      return false;
    default:
      return record.history.includes(event.event);
  }
}

/** Whether the failure that the record shows is no more than a lock that was taken away. */
function wasUnlocked(record: DeploymentRecord): boolean {
  return record.history.includes("unlocked") && !record.history.includes("failed");
}

/**
 * The deployments that events tell, newest first. One whose beginning is missing is left out: a page of the ledger ends
 * anywhere.
 * @param events newest first.
 */
export function foldAll(events: readonly LedgerEvent[]): DeploymentRecord[] {
  const byNumber = new Map<number, LedgerEvent[]>();
  for (const told of [...events].reverse()) {
    byNumber.set(told.number, [...(byNumber.get(told.number) ?? []), told]);
  }
  return [...byNumber.values()]
    .map(foldEvents)
    .filter((record) => record !== undefined)
    .reverse();
}

/** How many deployments' beginnings are among the events. */
export function begunIn(events: readonly LedgerEvent[]): number {
  return events.filter(({ event }) => event === "begun").length;
}

/** Whether what it deployed runs, as far as the ledger knows. */
export function endedWell({ status }: DeploymentRecord): boolean {
  return status === "deployed" || status === "verified";
}
