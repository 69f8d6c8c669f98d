import type { S3Client } from "@aws-sdk/client-s3";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { bounded, engineLimits, type EngineLimits } from "./bounded";
import type { LockHolder } from "./locks";
import { ownStack, type Named } from "./stackName";
import { stateHolders } from "./stateLocks";

/**
 * Who holds the state of a stack for an update now.
 * @returns undefined where nobody does, or the backend cannot be asked; none where it does not say who.
 */
export async function updateHolders(
  target: Named & { readonly folder: string },
  s3: S3Client,
  limits: EngineLimits = engineLimits,
): Promise<readonly LockHolder[] | undefined> {
  const asked = <T>(command: string, work: () => Promise<T>) =>
    bounded(`pulumi ${command}`, limits.stateMs, 0, work);
  const workspace = () => LocalWorkspace.create({ workDir: target.folder });
  const url =
    process.env.PULUMI_BACKEND_URL ||
    (await asked("whoami", async () => (await workspace()).whoAmI())).url ||
    "";
  // Whoever may not look finds out when the state is to be changed.
  const holders = await stateHolders(url, target, s3).catch(() => undefined);
  if (holders) return holders.length > 0 ? holders : undefined;
  // Pulumi Cloud says so of each stack; other backends say nothing.
  const stacks = await asked("stack ls", async () => (await workspace()).listStacks());
  return ownStack(stacks, target)?.updateInProgress ? [] : undefined;
}
