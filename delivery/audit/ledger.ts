import { overrideText } from "../gates";
import type { DeploymentRecord, LedgerNote, LedgerView } from "../ledger";
import { detailOf, isWithin, told, type AuditEntry, type Period } from "./entries";

/** What the ledger says was done. Releases of the pipeline have its execution as who did it: CodePipeline says who started that. */
export function ledgerEntries(
  { records, notes = [] }: Pick<LedgerView, "records" | "notes">,
  period: Period,
): AuditEntry[] {
  return [...records.flatMap(ofDeployment), ...notes.map(ofNote)].filter(({ at }) =>
    isWithin(at, period),
  );
}

function ofDeployment(record: DeploymentRecord): AuditEntry[] {
  const { number, kind, release, previous, actor, owner, times, reason, restored, services } =
    record;
  const what = `deployment ${number} (${kind}) of ${release.id}`;
  const entry = (event: string, more: Omit<Partial<AuditEntry>, "at"> = {}): AuditEntry[] =>
    times[event] === undefined
      ? []
      : [
          {
            ...{
              at: times[event],
              kind: "deployment",
              what: `${what} ${words[event]}`,
              who: actor,
            },
            ...{ source: "ledger", id: String(number), ...more },
          },
        ];
  const concerned = services ? `; ${services.join(", ")}` : "";
  const from = previous ? `${previous.id} ran` : "nothing ran before";
  return [
    ...entry("begun", { detail: `${from}; by ${owner}${concerned}` }),
    ...entry("held"),
    ...entry("deployed"),
    ...entry("verified"),
    ...entry(
      "failed",
      detailOf([reason, restored && `${restored} put back`].filter(Boolean).join("; ")),
    ),
    ...entry("unlocked", {
      ...{ kind: "unlock", what: `the lock of deployment ${number} was taken away` },
      who: record.unlockedBy,
    }),
  ];
}

const words: Readonly<Record<string, string>> = {
  begun: "began",
  held: "waits for its verification",
  deployed: "was deployed",
  verified: "was verified",
  failed: "failed",
};

function ofNote(note: LedgerNote): AuditEntry {
  const { at, by: who, version } = note;
  const common = { at, who, source: "ledger", id: `note ${version}` } as const;
  switch (note.note) {
    case "hold": {
      const left = note.release ? `, ${note.release} was gone back from` : "";
      return { ...common, kind: "hold", what: `put on hold${left}`, ...detailOf(note.reason) };
    }
    case "resumed":
      return {
        ...{ ...common, kind: "hold", what: `the hold of ${note.since} ended` },
        ...detailOf(note.reason),
      };
    case "asleep":
      return { ...common, kind: "sleep", what: "put to sleep", ...detailOf(note.reason) };
    case "awake":
      return { ...common, kind: "sleep", what: "woken", ...detailOf(note.reason) };
    case "refused":
      return {
        ...{ ...common, kind: "deployment", what: `${note.release} was refused` },
        ...detailOf(note.reason),
      };
    case "override":
      return {
        ...{
          ...common,
          kind: "override",
          what: told(overrideText({ ...note, reason: "" })).replace(/: *$/, ""),
        },
        ...detailOf(note.reason),
      };
  }
}
