import { deliveryTimes } from "../../contract/times";
import type { Ports } from "../deploy/ports";
import type { LedgerView } from "../ledger";

const pollMs = 15_000;

/**
 * Waits for a deployment in progress: a plan that is made meanwhile is stale before anybody can approve it. Counted from
 * when the lock was taken, a deployment takes no longer than its times: what holds the lock after that was left, and is not
 * waited for: the plan is made, and the deployment says what to do about the lock.
 * @returns the ledger as it is then.
 * @throws DeadlineError where one deployment follows another until the time of the plan is over.
 */
export async function awaitDeployment({
  ledger,
  clock,
  progress,
  target,
  deadline,
}: Pick<Ports, "ledger" | "clock" | "progress" | "target" | "deadline">): Promise<LedgerView> {
  const longestMinutes = deliveryTimes(target.config).lockMinutes;
  let told: number | undefined;
  for (;;) {
    const view = await ledger.recent();
    const { lock, records } = view;
    if (!lock) return view;
    const holder = records.find(({ number }) => number === lock.number);
    if (holder?.status === "held") {
      // Its verification may need the host that this has. The plan stays good unless it is taken back, and is stale then.
      progress.note(`deployment ${lock.number} of ${lock.releaseId} waits for its verification`);
      return view;
    }
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
    deadline.requireTime("the plan");
    await clock.sleep(pollMs);
  }
}
