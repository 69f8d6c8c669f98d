import type { DeploymentRecord, LedgerView } from "../ledger";

/** How a release has done in the environment before. */
export interface Soak {
  /** Milliseconds in which it was what ran there, and nothing else was being deployed. */
  readonly countedMs: number;
  /** Whether it is what runs there, as far as the ledger knows. */
  readonly runs: boolean;
  /** What is being deployed there at the moment, which stops the clock. Absent where nothing is. */
  readonly under?: DeploymentRecord;
  /** Why it was taken away there, for people. Absent where it was not. */
  readonly left?: string;
  /** What took its place there, and stayed. Absent where nothing did. */
  readonly replacedBy?: DeploymentRecord;
}

export interface SoakOptions {
  /** Of the environment before. */
  readonly view: Pick<LedgerView, "records" | "standing">;
  readonly releaseId: string;
  /** It was verified then: time before that does not count. */
  readonly since: Date;
  readonly now: Date;
}

/**
 * How long a release has been what ran in the environment before, and whether it was taken away there. A deployment of another one
 * stops the clock from its beginning to its end, and the clock goes on where that was taken back. What was gone back from, or failed,
 * begins anew should it come again.
 */
export function soakOf({ view, releaseId, since, now }: SoakOptions): Soak {
  const records = [...view.records].reverse();
  const at = (time: string) => Math.max(Date.parse(time), since.getTime());
  let serving = records.at(0)?.previous?.id;
  let from = since.getTime();
  let soak: Omit<Soak, "runs"> = { countedMs: 0 };
  const count = (until: number) => {
    const more = serving === releaseId ? until - from : 0;
    soak = { ...soak, countedMs: soak.countedMs + Math.max(0, more) };
  };
  for (const record of records) {
    count(at(record.begunAt));
    if (record.endedAt === undefined) {
      soak = { ...soak, under: record };
      continue;
    }
    const left = leftBy(record, releaseId, serving);
    const ran = serving;
    serving = servingAfter(record, ran);
    from = at(record.endedAt);
    if (serving === releaseId) soak = { countedMs: soak.countedMs };
    else if (left !== undefined) soak = { countedMs: 0, left };
    else if (ran === releaseId && serving === record.release.id)
      soak = { countedMs: soak.countedMs, replacedBy: record };
    else soak = { ...soak, under: undefined };
  }
  if (!soak.under) count(now.getTime());
  const hold = view.standing?.hold;
  if (hold?.release === releaseId) {
    // Said before anything is changed: also where what should follow was cut off.
    soak = { countedMs: 0, left: `${hold.by} went back from it at ${hold.at}: ${hold.reason}` };
  }
  return { ...soak, runs: serving === releaseId && soak.left === undefined };
}

/** Id of what serves once a deployment has ended; undefined where the ledger does not know. */
function servingAfter(record: DeploymentRecord, before: string | undefined): string | undefined {
  if (record.status !== "failed") return record.release.id;
  // What waited for an approval has served nobody.
  return record.failedStage === "superseded" ? before : record.restored;
}

/** Why a deployment that has ended speaks against a release that does not run after it; undefined where it does not. */
function leftBy(
  { number, kind, status, release, actor, reason }: DeploymentRecord,
  releaseId: string,
  ran: string | undefined,
): string | undefined {
  if (status === "failed") {
    return release.id === releaseId
      ? `its deployment ${number} failed${reason === undefined ? "" : `: ${reason}`}`
      : undefined;
  }
  return kind === "rollback" && ran === releaseId
    ? `${actor} went back from it to ${release.id}, as deployment ${number}`
    : undefined;
}
