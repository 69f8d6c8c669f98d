import { DeliveryError } from "./errors";
import { describeEnd, gitTimeoutMs, tryRun } from "./run";

/**
 * What git answers in a repository whose root is this folder or above it; undefined where it fails or is not there.
 * @throws DeliveryError where it does not end in time.
 */
export async function git(folder: string, args: readonly string[]): Promise<string | undefined> {
  const asked = await tryRun("git", ["-C", folder, ...args], { timeoutMs: gitTimeoutMs });
  if (asked.timedOut) throw new DeliveryError(`git ${args[0]} in ${folder} ${describeEnd(asked)}`);
  return asked.code === 0 ? asked.stdout : undefined;
}
