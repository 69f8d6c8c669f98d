/** What the cache talks. */
export type CacheEngine = "valkey" | "redis";

/** Versions, looked up in November 2026. Source: "Supported engines and versions", ElastiCache user guide. */
export const cacheVersions: Readonly<Record<CacheEngine, readonly string[]>> = {
  valkey: ["7.2", "8.0", "8.1", "8.2", "9.0", "9.1"],
  redis: ["7.0", "7.1"],
};

/** The major version, which is all that a serverless cache has. */
export function cacheMajor(version: string): string {
  return version.split(".")[0];
}

/** How to fix a type of nodes; undefined where it is right. */
export function nodeTypeFault(given: string): string | undefined {
  if (/^cache\.[a-z]\d[a-z0-9-]*\.(?:micro|small|medium|(?:\d{1,2})?x?large)$/.test(given)) {
    return undefined;
  }
  return given.startsWith("cache.") ? "write it as cache.t4g.micro" : `write cache.${given}`;
}
