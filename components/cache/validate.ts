import { isWhole, type Fault } from "../shared/validation";
import type { CacheArgs } from "./args";
import { cacheVersions, nodeTypeFault } from "./engine";

/** AWS's own bounds. Source: "DataStorage" and "ECPUPerSecond", ElastiCache API reference. */
export const cacheBounds = { maxGB: [1, 5000], maxEcpuPerSecond: [1000, 15_000_000] } as const;

/** AWS's own bounds. Source: "SnapshotRetentionLimit", ElastiCache API reference. */
export const backupDays = [0, 35] as const;

/** Everything that is wrong with the arguments of a cache. */
export function cacheFaults(args: CacheArgs): Fault[] {
  const { engine, version, serverless, node, standby } = args;
  const found: (Fault | undefined)[] = Object.entries(cacheBounds).map(([key, [least, most]]) => {
    const given = serverless?.[key as keyof typeof cacheBounds];
    if (given === undefined || isWhole(given, least, most)) {
      return undefined;
    }
    const path = `serverless.${key}`;
    return { path, given, allowed: `${least} to ${most}`, fix: `set ${key}: ${least}` };
  });
  if (args.backupDays !== undefined && !isWhole(args.backupDays, ...backupDays)) {
    const allowed = `${backupDays[0]} to ${backupDays[1]}`;
    found.push({ path: "backupDays", given: args.backupDays, allowed, fix: "set backupDays: 1" });
  }
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
