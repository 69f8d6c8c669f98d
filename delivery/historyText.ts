import { cutText } from "../contract/plainText";
import type { DeploymentRecord, LedgerNote } from "./ledger";
import { untilText } from "./refusedText";
import { table } from "./text";

/** The deployments for people, newest first, with what was noted between them. */
export function historyText(
  records: readonly DeploymentRecord[],
  notes: readonly LedgerNote[] = [],
): string {
  const rows = [
    ...historyOf(records, notes).flatMap(({ notes: since = [], ...record }) => [
      ...since.map(noteRow),
      deploymentRow(record),
    ]),
    ...notes.filter(({ number }) => number === 0).map(noteRow),
  ];
  return rows.length > 0
    ? table(["NO", "RELEASE", "KIND", "STATUS", "BEGUN", "TOOK", "BY", "REASON"], rows)
    : "nothing has been deployed yet, or the history was lost";
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

function deploymentRow(record: DeploymentRecord): string[] {
  return [
    String(record.number),
    record.release.id,
    record.kind,
    outcomeText(record),
    record.begunAt,
    record.seconds === undefined ? "-" : `${record.seconds} s`,
    record.actor,
    reasonText(record),
  ];
}

function outcomeText({ status, unproven, failedStage }: DeploymentRecord): string {
  if (failedStage === "superseded") return failedStage;
  return unproven ? `${status}, unproven` : status;
}

function noteRow(note: LedgerNote): string[] {
  const release = note.note === "resumed" ? undefined : note.release;
  const until = untilText(note);
  const gates = note.note === "override" ? `${note.gates.join(", ")}: ` : "";
  return ["-", release ?? "-", note.note, until, note.at, "-", note.by].concat(
    shortened(`${gates}${note.reason ?? ""}`),
  );
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
