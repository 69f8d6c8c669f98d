import { isWhole, type Fault } from "../shared/validation";
import type { CacheArgs } from "./args";
import { cacheVersions, nodeTypeFault } from "./engine";

/** AWS's own bounds. Source: "DataStorage" and "ECPUPerSecond", ElastiCache API reference. */
export const cacheBounds = { maxGB: [1, 5000], maxEcpuPerSecond: [1000, 15_000_000] } as const;

/** Everything that is wrong with the arguments of a cache. */
export function cacheFaults({ engine, version, serverless, node, standby }: CacheArgs): Fault[] {
  const found: (Fault | undefined)[] = Object.entries(cacheBounds).map(([key, [least, most]]) => {
    const given = serverless?.[key as keyof typeof cacheBounds];
    if (given === undefined || isWhole(given, least, most)) {
      return undefined;
    }
    const path = `serverless.${key}`;
    return { path, given, allowed: `${least} to ${most}`, fix: `set ${key}: ${least}` };
  });
  if ((serverless === undefined) === (node === undefined)) {
    const given = { serverless, node };
    found.push({
      path: "serverless",
      given,
      allowed: "either serverless or node",
      fix: "name one",
    });
  }
  if (serverless && standby) {
    const allowed = "nothing beside serverless, which is in several zones";
    found.push({ path: "standby", given: standby, allowed, fix: "remove standby" });
  }
  const versions = cacheVersions[engine];
  if (!versions.includes(version)) {
    const fix = `write "${versions.at(-1)}"`;
    found.push({ path: "version", given: version, allowed: versions.join(", "), fix });
  }
  const nodeFix = node === undefined ? undefined : nodeTypeFault(node);
  if (nodeFix !== undefined) {
    found.push({ path: "node", given: node, allowed: "a type of ElastiCache", fix: nodeFix });
  }
  return found.filter((fault) => fault !== undefined);
}
