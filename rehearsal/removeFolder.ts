import { spawnSync } from "node:child_process";
import { readFileSync, realpathSync, rmSync } from "node:fs";
import { sep } from "node:path";

/**
 * Removes a folder of a rehearsal's, also where a builder that was killed left its containers' file systems mounted in it.
 * @throws Error where something stays mounted, whose files would be removed as well; of the file system where something
 *   cannot be removed.
 */
export function removeFolder(folder: string): void {
  // At once, also where a process that was killed a moment ago still holds it.
  for (const place of mountsBelow(mountTable(), real(folder))) spawnSync("umount", ["-l", place]);
  const [mounted] = mountsBelow(mountTable(), real(folder));
  if (mounted)
    throw new Error(`${mounted} is mounted in ${folder}: umount it, then run this again`);
  // Processes that were killed a moment ago may still write.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/**
 * What is mounted below a folder, the last first, since a mount may lie in another.
 * @param table as Linux has it in `/proc/self/mountinfo` (proc_pid_mountinfo(5)): the fifth field is the place, with spaces,
 *   tabs, line ends and backslashes as octal numbers.
 */
export function mountsBelow(table: string, folder: string): string[] {
  return table
    .split("\n")
    .flatMap((line) => line.split(" ").at(4) ?? [])
    .map((place) =>
      place.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8))),
    )
    .filter((place) => place.startsWith(folder + sep))
    .reverse();
}

/** Empty where the system has none: elsewhere builders mount in a machine of their own. */
function mountTable(): string {
  try {
    return readFileSync("/proc/self/mountinfo", "utf8");
  } catch {
    return "";
  }
}

function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
