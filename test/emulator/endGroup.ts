import type { ChildProcess } from "node:child_process";

/** How long a program that is asked to end has for it. */
const graceMs = 30_000;

/**
 * Ends a program with all of its group, which it leads, and waits until it is gone.
 * @param grace milliseconds after which what has not ended is killed.
 */
export async function endGroup(leader: ChildProcess, grace = graceMs): Promise<void> {
  const { pid } = leader;
  if (pid === undefined) return;
  const closed =
    leader.exitCode === null && leader.signalCode === null
      ? new Promise((resolve) => leader.once("close", resolve))
      : Promise.resolve();
  signalGroup(pid, "SIGTERM");
  const killer = setTimeout(() => signalGroup(pid, "SIGKILL"), grace);
  await closed;
  clearTimeout(killer);
  // Of the group, what has outlived its leader.
  signalGroup(pid, "SIGKILL");
}

export function signalGroup(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name);
  } catch {
    // Nothing of it is left.
  }
}
