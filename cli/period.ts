import { InvalidArgumentError, Option } from "commander";

const units = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * A time in the past, as people write it: `10m`, `12h`, `90d`, `4w` ago, `2026-11-30` (from 00:00 UTC), `2026-11-30T12:00:00Z`.
 * @throws InvalidArgumentError where it is none.
 */
export function pastTime(text: string, now = new Date()): Date {
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  const at = count
    ? new Date(now.getTime() - Number(count) * units[unit as keyof typeof units])
    : new Date(/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? text : NaN);
  if (Number.isNaN(at.getTime())) {
    throw new InvalidArgumentError(
      "Give how long ago (10m, 12h, 90d, 4w), a day (2026-11-30, UTC), or a time (2026-11-30T12:00:00Z).",
    );
  }
  if (at > now) throw new InvalidArgumentError("That is in the future.");
  return at;
}

/** `--since`. @param unlessSaid how long ago it is otherwise. */
export function sinceOption(unlessSaid = "90d"): Option {
  return new Option("--since <time>", "from when on: 10m, 12h, 90d, 4w ago, a day, or a time")
    .argParser((text: string) => pastTime(text))
    .default(pastTime(unlessSaid), unlessSaid);
}
