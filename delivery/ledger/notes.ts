/** Later releases are refused, from a person's rollback until somebody ends it. */
export interface Hold {
  /** Who, for people. */
  readonly by: string;
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Id of the release that was gone back from. Absent where nobody knew one. */
  readonly release?: string;
}

/** What would keep a release out lets it in, for a while. */
export interface Override {
  /** Who, for people. */
  readonly by: string;
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** ISO 8601, UTC: it ends then. */
  readonly until: string;
  /** What it lets a release past. */
  readonly gates: readonly string[];
  /** Id of the only release that it is for. Absent: every one. */
  readonly release?: string;
}

/** The end of a hold. */
export interface Resumption {
  readonly by: string;
  /** Absent where none was given. */
  readonly reason?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** When the hold was set that it ends: one that was set since then goes on. */
  readonly since: string;
}

/** A release that is kept out for now: by gates, or by a hold. Nothing follows from it. */
export interface Refused {
  /** Who wanted to deploy it, for people. */
  readonly by: string;
  /** Why not, for people. */
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Its id. */
  readonly release: string;
  /** What keeps it out: names of gates, or `hold`. */
  readonly gates: readonly string[];
  /** When its stage is tried again by itself: ISO 8601, UTC. Absent where nobody does. */
  readonly retryAt?: string;
}

/** What somebody noted about an environment, as the ledger keeps it. */
export type Note =
  | ({ readonly note: "hold" } & Hold)
  | ({ readonly note: "resumed" } & Resumption)
  | ({ readonly note: "override" } & Override)
  | ({ readonly note: "refused" } & Refused);

type Untimed<T> = T extends Note ? Omit<T, "at"> : never;
/** A note that is to be made: the ledger says when. */
export type NewNote = Untimed<Note>;

/** A note in its place. */
export type LedgerNote = Note & {
  /** The newest deployment when it was made; 0 before the first. */
  readonly number: number;
  /** How many notes the environment had with it. */
  readonly version: number;
};

/** What the notes of an environment come to. */
export interface Standing {
  /** How many notes there were: who writes one says with it what it judged by. */
  readonly version: number;
  /** Absent where nobody holds the environment. */
  readonly hold?: Hold;
  /** Those that had not ended when the newest note was made, oldest first. */
  readonly overrides: readonly Override[];
}

/** An environment about which nobody has noted anything. */
export const nothingNoted: Standing = { version: 0, overrides: [] };

/** What stands after one more note. */
export function applyNote(standing: Standing, note: Note): Standing {
  const { hold, overrides } = standing;
  const version = standing.version + 1;
  const kept = overrides.filter(({ until }) => Date.parse(until) > Date.parse(note.at));
  const held = hold ? { hold } : {};
  switch (note.note) {
    case "hold": {
      const { by, reason, at, release } = note;
      return { version, hold: { by, reason, at, ...forRelease(release) }, overrides: kept };
    }
    case "resumed":
      return { version, ...(hold?.at === note.since ? {} : held), overrides: kept };
    case "override": {
      const { by, reason, at, until, gates, release } = note;
      const override = { by, reason, at, until, gates, ...forRelease(release) };
      return { version, ...held, overrides: [...kept, override] };
    }
    default:
      // A refusal counts, as does a note of a newer version, and neither changes anything that is known here.
      return { version, ...held, overrides: kept };
  }
}

function forRelease(release: string | undefined): { readonly release?: string } {
  return release === undefined ? {} : { release };
}

/**
 * What notes come to.
 * @param notes all of an environment, oldest first.
 */
export function foldNotes(notes: readonly Note[]): Standing {
  return notes.reduce(applyNote, nothingNoted);
}

/** Whether a note would change nothing, so that it need not be made: as by a command that is run again. */
export function isNoted({ hold, overrides }: Standing, wanted: NewNote): boolean {
  switch (wanted.note) {
    case "hold":
      return isSame(hold, wanted, ["by", "reason", "release"]);
    case "resumed":
      return hold?.at !== wanted.since;
    case "refused":
      // Each time is one of its own.
      return false;
    case "override":
      return overrides.some(
        (one) =>
          isSame(one, wanted, ["by", "reason", "release", "until"]) &&
          one.gates.join() === wanted.gates.join(),
      );
  }
}

function isSame<T extends object>(
  one: T | undefined,
  other: NoInfer<Partial<T>>,
  keys: readonly (keyof T)[],
): boolean {
  return one !== undefined && keys.every((key) => one[key] === other[key]);
}

/**
 * What lets a release past a gate at a moment.
 * @returns the override that ends last; undefined where there is none.
 */
export function overrideOf(
  { overrides }: Pick<Standing, "overrides">,
  { gate, release, now }: { readonly gate: string; readonly release: string; readonly now: Date },
): Override | undefined {
  return overrides
    .filter(
      (one) =>
        one.gates.includes(gate) &&
        (one.release === undefined || one.release === release) &&
        Date.parse(one.until) > now.getTime(),
    )
    .sort((a, b) => Date.parse(b.until) - Date.parse(a.until))
    .at(0);
}
