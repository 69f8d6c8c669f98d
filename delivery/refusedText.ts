import type { LedgerNote } from "./ledger";
import { ageOf, deployCommand, resumeCommand, retryCommand, wakeCommand } from "./ledger/refusals";
import type { EnvironmentStatus } from "./status";

/** What was refused, and what becomes of it. */
export function refusedFinding(
  { stack, refused, hold, sleep }: EnvironmentStatus,
  now: Date,
): string[] {
  if (!refused) return [];
  const { release, at, by, reason, retryAt, gates } = refused;
  const isHeld = hold !== undefined && gates.includes("hold");
  const byHand = `retry its stage (${retryCommand(stack)}), or begin anew: ${deployCommand(stack, release)}`;
  const next =
    sleep && gates.includes("sleep")
      ? `${wakeCommand(stack)} has the pipeline try it again`
      : retryAt === undefined
        ? `nobody tries it again by itself: ${isHeld ? `${resumeCommand(stack)}, then` : "once that is over,"} ${byHand}`
        : Date.parse(retryAt) > now.getTime()
          ? `its stage is tried again by itself at ${retryAt}, unless a newer release has come into it`
          : `its stage was to be tried again at ${retryAt}: see the pipeline; where nothing came of it, ${byHand}`;
  return [
    `release ${release} was refused at ${at} (${ageOf(at, now)}, ${by}): ${reason}`,
    `  ${next}`,
  ];
}

/** How long a note counts, or when what it tells is tried again. */
export function untilText(note: LedgerNote): string {
  switch (note.note) {
    case "override":
      return `until ${note.until}`;
    case "refused":
      return note.retryAt === undefined ? "not tried again" : `again at ${note.retryAt}`;
    default:
      return "-";
  }
}
