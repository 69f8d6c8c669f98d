import { sinceText, type Reader } from "../../delivery/facts/times";
import type { Target } from "../../delivery/target";

export interface LogsRead {
  readonly target: Pick<Target, "config" | "names" | "stack">;
  /** The services that were asked for. */
  readonly names: readonly string[];
  /** Those of them that have no log group. */
  readonly missing: ReadonlySet<string>;
  readonly since: Date;
  readonly until?: Date;
  readonly filter?: string;
  /** Whether there was any line. */
  readonly isAny: boolean;
}

/** Why lines may be missing, and what to do: for people, a line each. */
export function logRemarks(
  { target, names, missing, since, until, filter, isAny }: LogsRead,
  reader: Reader,
): string[] {
  const { retentionDays } = target.config.logs;
  const there = names.filter((name) => !missing.has(name));
  const to = until === undefined ? "" : ` until ${sinceText(until.toISOString(), reader)}`;
  const what = filter === undefined ? "nothing was logged" : `nothing matches ${filter}`;
  return [
    ...[...missing].map(
      (name) =>
        `${name} has no log group ${target.names.logGroup(name)} yet: pulumi up --stack ${target.stack} makes it`,
    ),
    ...(isAny || there.length === 0
      ? []
      : [
          `${there.join(", ")}: ${what} since ${sinceText(since.toISOString(), reader)}${to}. ` +
            `Longer ago: --since 24h (logs are kept for ${retentionDays} days); whether tasks run at all: gantry tasks --stack ${target.stack}`,
        ]),
  ];
}
