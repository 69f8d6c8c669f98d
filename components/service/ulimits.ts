/** The resource limits that a container can have ("Ulimit", ECS API reference). */
export type UlimitName =
  | "core"
  | "cpu"
  | "data"
  | "fsize"
  | "locks"
  | "memlock"
  | "msgqueue"
  | "nice"
  | "nofile"
  | "nproc"
  | "rss"
  | "rtprio"
  | "rttime"
  | "sigpending"
  | "stack";

/** All of them, in the order in which a container definition has them: the compiler misses none. */
export const ulimitNames = Object.keys({
  ...{ core: true, cpu: true, data: true, fsize: true, locks: true, memlock: true },
  ...{ msgqueue: true, nice: true, nofile: true, nproc: true, rss: true, rtprio: true },
  ...{ rttime: true, sigpending: true, stack: true },
} satisfies Record<UlimitName, true>) as UlimitName[];

/** A resource limit, in bytes, seconds or as a count, as its name has it; -1 is none. */
export interface Ulimit {
  /** What holds at first; the process may raise it up to `hard`. */
  readonly soft: number;
  readonly hard: number;
}

export type Ulimits = Readonly<Partial<Record<UlimitName, Ulimit>>>;

/** Whether the soft limit is within the hard one. */
export function isWithinHard({ soft, hard }: Ulimit): boolean {
  return hard === -1 || (soft !== -1 && soft <= hard);
}

/** `ulimits` of a container definition, in a fixed order. */
export function containerUlimits(ulimits: Ulimits): Record<string, unknown>[] {
  return ulimitNames.flatMap((name) => {
    const limit = ulimits[name];
    return limit ? [{ name, softLimit: limit.soft, hardLimit: limit.hard }] : [];
  });
}
