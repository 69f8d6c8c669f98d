import type { Clock } from "../clock";
import type { LedgerView } from "./events";
import { applyNote, isNoted, nothingNoted, type NewNote, type Note, type Standing } from "./notes";
import { readPast } from "./recent";
import { lockedByAnother, notesContended } from "./refusals";
import type { LedgerStore } from "./store";

/** How often a note is tried that others make impossible by writing at the same moment. */
const attempts = 5;
const pauseMs = 1_000;

/** What stood before a note, and what does with it: the same where there was nothing to note. */
export interface Annotated {
  readonly before: Standing;
  readonly after: Standing;
}

export interface AnnotateOptions {
  readonly note: NewNote;
  /** What it is judged by; read again where somebody noted something meanwhile. */
  readonly latest: LedgerView;
  readonly clock: Clock;
  /** For messages. */
  readonly stack: string;
}

/**
 * Notes something about an environment: the note, and what stands with it, or neither. What is noted already is not written again.
 * @throws DeliveryError where others write again and again, and where the environment is to sleep while somebody deploys to it.
 */
export async function annotate(
  store: LedgerStore,
  { note: wanted, latest, clock, stack }: AnnotateOptions,
): Promise<Annotated> {
  const { records, standing = nothingNoted } = latest;
  const number = records.at(0)?.number ?? 0;
  let before = standing;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (isNoted(before, wanted)) return { before, after: before };
    const note: Note = { ...wanted, at: clock.now().toISOString() };
    const after = applyNote(before, note);
    const refusals = await store.putNote({ ...note, number, version: after.version }, after);
    if (!refusals) return { before, after };
    const lock = refusals.at(2)?.lock;
    if (lock) {
      const holder = records.find((record) => record.number === lock.number);
      throw lockedByAnother(stack, lock, clock.now(), holder);
    }
    if (attempt > 0) await clock.sleep(pauseMs);
    before = (await readPast(store, Math.max(records.length, 20))).standing ?? nothingNoted;
  }
  throw notesContended(stack);
}
