import type {
  Annotated,
  DeploymentKind,
  DeploymentRecord,
  LedgerNote,
  LedgerView,
  NewNote,
  Progress,
  Standing,
} from "../../../delivery/ledger";
import { applyNote, isNoted, nothingNoted } from "../../../delivery/ledger/notes";
import { keptOut } from "../../../delivery/ledger/refusals";
import type { FakeClock } from "./fakeClock";

/** What is noted about an environment in memory. */
export class FakeNotes {
  standing: Standing = nothingNoted;
  /** Newest first. */
  private notes: readonly LedgerNote[] = [];

  constructor(private readonly clock: FakeClock) {}

  get view(): Pick<LedgerView, "standing" | "notes"> {
    const { standing, notes } = this;
    return { standing, notes };
  }

  /** Keeps a new release out while somebody holds the environment, and everything while it sleeps. */
  refuse(stack: string, kind: DeploymentKind, releaseId: string): void {
    const beginning = { kind, release: { id: releaseId } };
    const kept = keptOut(stack, beginning, this.standing, this.clock.now());
    if (kept) throw kept;
  }

  /**
   * Notes something, unless it is noted already.
   * @param records newest first.
   * @param act does it under a name, or fails.
   */
  async add(
    wanted: NewNote,
    records: LedgerView["records"],
    act: (what: string, change: () => void) => Promise<void> = (_, change) =>
      Promise.resolve(change()),
  ): Promise<Annotated> {
    const before = this.standing;
    if (isNoted(before, wanted)) return { before, after: before };
    const number = records.at(0)?.number ?? 0;
    await act(wanted.note, () => {
      const note = { ...wanted, at: this.clock.now().toISOString() };
      this.standing = applyNote(before, note);
      this.notes = [{ ...note, number, version: this.standing.version }, ...this.notes];
    });
    return { before, after: this.standing };
  }
}

/** What progress of a deployment changes of its record. */
export function changeBy(event: Progress): Partial<DeploymentRecord> {
  switch (event.event) {
    case "updating":
      return { updatingHost: event.host };
    case "held":
      return { status: "held", held: event.services, seconds: event.seconds };
    case "concluding":
      return {};
    case "releaseCommand":
      return { releaseCommandDone: true };
  }
}
