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

/** Nothing of the environment runs, from `gantry sleep` until `gantry wake`. */
export interface Sleep {
  /** Who, for people. */
  readonly by: string;
  /** Absent where none was given. */
  readonly reason?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** What wakes again: each service, as config calls it, with how many tasks it had, as `web 2`. */
  readonly services: readonly string[];
  /** What starts jobs again: names of the schedules that were on. */
  readonly schedules: readonly string[];
}

/** The end of a sleep. */
export interface Waking {
  readonly by: string;
  /** Absent where none was given. */
  readonly reason?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** When the sleep began that it ends. */
  readonly since: string;
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

/** A release that is kept out for now: by gates, by a hold, or since the environment sleeps. Nothing follows from it. */
export interface Refused {
  /** Who wanted to deploy it, for people. */
  readonly by: string;
  /** Why not, for people. */
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Its id. */
  readonly release: string;
  /** What keeps it out: names of gates, `hold` or `sleep`. */
  readonly gates: readonly string[];
  /** When its stage is tried again by itself: ISO 8601, UTC. Absent where nobody does. */
  readonly retryAt?: string;
}

/** What somebody noted about an environment, as the ledger keeps it. */
export type Note =
  | ({ readonly note: "hold" } & Hold)
  | ({ readonly note: "resumed" } & Resumption)
  | ({ readonly note: "asleep" } & Sleep)
  | ({ readonly note: "awake" } & Waking)
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
  /** Absent where the environment is awake. */
  readonly sleep?: Sleep;
  /** Those that had not ended when the newest note was made, oldest first. */
  readonly overrides: readonly Override[];
  /** What a later version keeps with it: written again as it was found. Absent where that is nothing. */
  readonly later?: object;
}

/** An environment about which nobody has noted anything. */
export const nothingNoted: Standing = { version: 0, overrides: [] };

/** What stands after one more note. */
export function applyNote(standing: Standing, note: Note): Standing {
  const { hold, sleep, overrides, later } = standing;
  const kept = {
    ...(later ? { later } : {}),
    version: standing.version + 1,
    overrides: overrides.filter(({ until }) => Date.parse(until) > Date.parse(note.at)),
  };
  const held = hold ? { hold } : {};
  const asleep = sleep ? { sleep } : {};
  switch (note.note) {
    case "hold": {
      const { by, reason, at, release } = note;
      return { ...kept, ...asleep, hold: { by, reason, at, ...forRelease(release) } };
    }
    case "resumed":
      return { ...kept, ...asleep, ...(hold?.at === note.since ? {} : held) };
    case "asleep":
      return { ...kept, ...held, sleep: longerSleep(sleep, note) };
    case "awake":
      return { ...kept, ...held, ...(sleep?.at === note.since ? {} : asleep) };
    case "override": {
      const { by, reason, at, until, gates, release } = note;
      const override = { by, reason, at, until, gates, ...forRelease(release) };
      return { ...kept, ...held, ...asleep, overrides: [...kept.overrides, override] };
    }
    default:
      // A refusal counts, as does a note of a newer version, and neither changes anything that is known here.
      return { ...kept, ...held, ...asleep };
  }
}

/** One that was begun goes on: what was put to sleep before has no task any more, so that its first number counts. */
function longerSleep(sleep: Sleep | undefined, note: Sleep): Sleep {
  const { by, reason, at } = sleep ?? note;
  const { services = [], schedules = [] } = sleep ?? {};
  const known = new Set(services.map(sleeperOf));
  return {
    ...{ by, at, ...(reason === undefined ? {} : { reason }) },
    services: [...services, ...note.services.filter((one) => !known.has(sleeperOf(one)))],
    schedules: [...new Set([...schedules, ...note.schedules])],
  };
}

/** The service of `web 2`. */
function sleeperOf(text: string): string {
  return text.split(" ")[0];
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

/**
 * What stands, with the sleep that a version before it has written over: such a version keeps the notes, and does not know what
 * they come to.
 * @param notes newest first, also not all of an environment.
 */
export function withSleepNoted(standing: Standing, notes: readonly Note[]): Standing {
  if (standing.sleep) return standing;
  // Only the sleep that stands is ever ended, so what came before an end is over.
  const ended = notes.findIndex(({ note }) => note === "awake");
  const since = ended < 0 ? notes : notes.slice(0, ended);
  const { sleep } = foldNotes([...since].reverse());
  return sleep ? { ...standing, sleep } : standing;
}

/** Whether a note would change nothing, so that it need not be made: as by a command that is run again. */
export function isNoted({ hold, sleep, overrides }: Standing, wanted: NewNote): boolean {
  switch (wanted.note) {
    case "hold":
      return isSame(hold, wanted, ["by", "reason", "release"]);
    case "resumed":
      return hold?.at !== wanted.since;
    case "asleep": {
      if (!sleep) return false;
      const { services, schedules } = longerSleep(sleep, { ...wanted, at: "" });
      return (
        services.length === sleep.services.length && schedules.length === sleep.schedules.length
      );
    }
    case "awake":
      return sleep?.at !== wanted.since;
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
