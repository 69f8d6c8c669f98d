import { z } from "zod";
import { section, text, textOr } from "../fields";
import { secretIn } from "../secretValues";
import { daySchema } from "../windows";

/** What is dangerous here and said aloud. */
export function postureSchema() {
  const reason = text("why it must be so", (given) => {
    if (!/\S/.test(given)) return "write why, for whoever reads it later";
    return secretIn(given) === undefined ? undefined : "write why, without the secret";
  });
  const said = textOr(
    reason.transform((why): Said => ({ reason: why })),
    section({
      /** Why it must be so, as every preview repeats it. */
      reason,
      /** The last day on which it may. Default: none. */
      until: daySchema().optional(),
    }),
    "why it must be so, or { reason, until }",
  );
  return section({
    /** What is dangerous and wanted, by the key of the config, as `services.web.user`. Default: nothing. */
    relaxed: z.record(z.string(), said, { error: "why it must be so, by the key" }).default({}),
  });
}

/** What somebody said about a danger. */
export interface Said {
  readonly reason: string;
  /** The last day of it, as 2026-12-31. */
  readonly until?: string;
}

/** Whether the last day is over; not asked without `now`. */
export function isOver({ until }: Said, now: Date | undefined): boolean {
  return until !== undefined && now !== undefined && until < dayOf(now);
}

/** The day in UTC, as 2026-12-31. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}
