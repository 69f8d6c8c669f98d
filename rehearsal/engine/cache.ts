import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where the engines of all clones on this machine are kept; deleting it only costs the time to build them again. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache");
  return join(base, "gantry", "engine");
}

/**
 * A key of all that a build result depends on: the names and contents of a folder's sources (tests and generated files
 * are none) and the given facts, such as versions and the platform.
 */
export function cacheKey(folder: string, facts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const name of sources(folder)) {
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(folder, name)))
      .update("\0");
  }
  return hash.update(JSON.stringify(facts)).digest("hex").slice(0, 16);
}

/** The files of a folder of Go sources that go into a build. */
export function sources(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name === "go.mod" || name === "go.sum" || /(?<!_test)\.go$/.test(name))
    .sort();
}
