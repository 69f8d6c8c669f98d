import type { Release } from "../../contract/manifest";
import { noteRefused } from "../gates/refused";
import type { DeploymentRecord, LedgerView } from "../ledger";
import { asleep, onHold, resumeCommand } from "../ledger/refusals";
import type { Ports } from "./ports";

/**
 * Refuses a new release while somebody holds the environment.
 * @throws DeliveryError saying who does, since when and why; nothing was changed.
 */
export function refuseOnHold(
  { target, clock }: Pick<Ports, "target" | "clock">,
  { id }: Release,
  { standing }: LedgerView,
): void {
  if (standing?.hold) throw onHold(target.stack, id, standing.hold, clock.now());
}

/**
 * Refuses whatever would change what runs while nothing does.
 * @param refused as of {@link asleep}.
 * @throws DeliveryError saying since when, by whom and why; nothing was changed.
 */
export function refuseAsleep(
  {
    target: { stack },
    clock,
  }: { readonly target: { readonly stack: string }; readonly clock: { readonly now: () => Date } },
  { standing }: Pick<LedgerView, "standing">,
  refused?: string,
): void {
  if (standing?.sleep) throw asleep(stack, standing.sleep, clock.now(), refused);
}

/**
 * {@link refuseAsleep} for what the pipeline wants of a release. It is noted, so that whoever wakes the environment has it tried again.
 * @param what is not done: `deployed`.
 */
export async function refuseReleaseAsleep(
  ports: Pick<Ports, "target" | "clock" | "ledger" | "progress">,
  view: LedgerView,
  { by, release, what }: { readonly by: string; readonly release: string; readonly what: string },
): Promise<void> {
  const sleep = view.standing?.sleep;
  if (!sleep) return;
  const reason = `the environment sleeps since ${sleep.at}, by ${sleep.by}`;
  await noteRefused(ports, view, { by, release, reason, gates: ["sleep"] });
  refuseAsleep(ports, view, `release ${release} is not ${what}`);
}

/** A person goes back, and what was gone back from is not to come again by itself. */
export interface GoingBack {
  /** What the pointer says. */
  readonly running: Release | undefined;
  /** Where it goes. */
  readonly release: Release;
  readonly actor: string;
  /** Default: what was gone back from, and to what. */
  readonly reason?: string;
}

/**
 * Holds the environment, before what runs is changed: whoever goes back and is killed has said so.
 * @returns the line that says so, for the end.
 */
export async function hold(
  { progress, ledger, target }: Pick<Ports, "progress" | "ledger" | "target">,
  view: LedgerView,
  { running, release, actor, reason }: GoingBack,
): Promise<string> {
  const left = leftBehind(view.records, running, release);
  const given = reason ?? `rolled back ${left ? `from ${left} ` : ""}to ${release.id}`;
  await progress.step(
    "hold",
    () =>
      ledger.annotate(
        { note: "hold", by: actor, reason: given, ...(left ? { release: left } : {}) },
        view,
      ),
    () => given,
  );
  return `${target.stack} is on hold: new releases are refused until ${resumeCommand(target.stack)}`;
}

/** What runs, or was about to, where the pointer was put back already. */
function leftBehind(
  records: readonly DeploymentRecord[],
  running: Release | undefined,
  release: Release,
): string | undefined {
  return [running?.id, records.at(0)?.release.id].find(
    (id) => id !== undefined && id !== release.id,
  );
}
