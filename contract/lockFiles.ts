import { nearestWith } from "./repositoryRoot";

/** By which `npm ci` installs: of two in one folder the first (npm's documentation, npm-shrinkwrap.json). */
export const npmLockFiles = ["npm-shrinkwrap.json", "package-lock.json"] as const;

/** The lock files of other package managers. */
export const otherLockFiles = [
  { file: "pnpm-lock.yaml", manager: "pnpm" },
  { file: "yarn.lock", manager: "yarn" },
  { file: "bun.lock", manager: "bun" },
  { file: "bun.lockb", manager: "bun" },
] as const;

/** The folder whose lock file npm goes by in `folder`: of a workspace it lies further up. Undefined where there is none. */
export function lockFolder(folder: string): string | undefined {
  const places = npmLockFiles.flatMap((name) => nearestWith(name, folder) ?? []);
  // The nearest is the longest.
  return places.sort((a, b) => b.length - a.length)[0];
}
