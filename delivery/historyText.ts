import { cutText } from "../contract/plainText";
import { clocksIn, sinceText, zoneLine, type Reader } from "./facts/times";
import type { DeploymentRecord, LedgerNote } from "./ledger";
import { untilText } from "./refusedText";
import { table } from "./text";

/** The deployments for people, newest first, with what was noted between them. */
export function historyText(
  records: readonly DeploymentRecord[],
  notes: readonly LedgerNote[],
  reader: Reader,
): string {
  const noted = (some: readonly LedgerNote[]) => some.map((note) => noteRow(note, reader));
  const rows = [
    ...historyOf(records, notes).flatMap(({ notes: since = [], ...record }) => [
      ...noted(since),
      deploymentRow(record, reader),
    ]),
    ...noted(notes.filter(({ number }) => number === 0)),
  ];
  if (rows.length === 0) return "nothing has been deployed yet, or the history was lost";
  const header = ["NO", "RELEASE", "KIND", "STATUS", "BEGUN", "TOOK", "BY", "REASON"];
  return [table(header, rows), "", zoneLine(reader)].join("\n");
}

/**
 * Each deployment with what was noted about the environment between it and the next one.
 * @param records newest first.
 * @param notes newest first.
 */
export function historyOf(
  records: readonly DeploymentRecord[],
  notes: readonly LedgerNote[] = [],
): (DeploymentRecord & { readonly notes?: readonly LedgerNote[] })[] {
  return records.map((record) => {
    const since = notes.filter(({ number }) => number === record.number);
    return since.length > 0 ? { ...record, notes: since } : record;
  });
}

function deploymentRow(record: DeploymentRecord, reader: Reader): string[] {
  return [
    String(record.number),
    record.release.id,
    record.kind,
    outcomeText(record),
    sinceText(record.begunAt, reader),
    record.seconds === undefined ? "-" : `${record.seconds} s`,
    record.actor,
    clocksIn(reasonText(record), reader),
  ];
}

function outcomeText({ status, unproven, failedStage }: DeploymentRecord): string {
  if (failedStage === "superseded") return failedStage;
  return unproven ? `${status}, unproven` : status;
}

function noteRow(note: LedgerNote, reader: Reader): string[] {
  const release = "release" in note ? note.release : undefined;
  const until = clocksIn(untilText(note), reader);
  const gates = note.note === "override" ? `${note.gates.join(", ")}: ` : "";
  const at = sinceText(note.at, reader);
  const reason = clocksIn(`${gates}${note.reason ?? ""}`, reader);
  return ["-", release ?? "-", note.note, until, at, "-", note.by, shortened(reason)];
}

function reasonText({ reason, restored, unproven }: DeploymentRecord): string {
  if (reason === undefined) return unproven ? `no task of ${unproven.join(", ")} should run` : "";
  const short = shortened(reason);
  return restored ? `${short} (${restored} put back)` : short;
}

function shortened(text: string): string {
  const [line] = text.split("\n");
  return cutText(line, 100);
}
