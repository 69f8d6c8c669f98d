import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Installation } from "../../contract/installation";
import type { InstallationStore } from "./store";

/**
 * Copies what a release has kept into the bucket of the next environment, unless it is there.
 * @throws DeliveryError where it is gone here, or is not what was kept.
 */
export async function copyInstallation(
  { packages, pulumi }: Installation,
  from: InstallationStore,
  to: InstallationStore,
): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "gantry-copy-"));
  try {
    for (const part of [packages, pulumi]) {
      if (await to.has(part)) continue;
      const file = join(work, part.sha256);
      await from.get(part, file);
      await to.put(file);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
