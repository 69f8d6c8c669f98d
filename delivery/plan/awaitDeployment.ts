import type { Ports } from "../deploy/ports";
import type { LedgerView } from "../ledger";

const pollMs = 15_000;
/** Counted from when the lock was taken: a deployment takes no longer, and what holds it after that was left. */
const longestMinutes = 25;

/**
 * Waits for a deployment in progress: a plan that is made meanwhile is stale before anybody can approve it. One that was
 * left is not waited for: the plan is made, and the deployment says what to do about the lock.
 * @returns the ledger as it is then.
 */
export async function awaitDeployment({
  ledger,
  clock,
  progress,
}: Pick<Ports, "ledger" | "clock" | "progress">): Promise<LedgerView> {
  let told: number | undefined;
  for (;;) {
    const view = await ledger.recent();
    const { lock } = view;
    if (!lock) return view;
    if (clock.now().getTime() - Date.parse(lock.at) >= longestMinutes * 60_000) {
      progress.note(
        `deployment ${lock.number} of ${lock.releaseId} holds the lock since ${lock.at}: not waited for any longer`,
      );
      return view;
    }
    if (told !== lock.number) {
      progress.note(`waiting for deployment ${lock.number} of ${lock.releaseId} by ${lock.owner}`);
      told = lock.number;
    }
    await clock.sleep(pollMs);
  }
}
