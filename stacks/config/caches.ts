import { z } from "zod";
import { cacheVersions, nodeTypeFault, type CacheEngine } from "../../components/cache/engine";
import { backupDays, cacheBounds } from "../../components/cache/validate";
import type { StackDefaults } from "./defaults";
import { choice, flag, scalar, section, text, wholeNumber } from "./fields";

/** Caches by name. */
export function cachesSchema(defaults: StackDefaults["cache"]) {
  const cache = section({
    engine: choice(["valkey", "redis"]),
    /** As "8.0" or "7.1". */
    version: scalar(z.string({ error: 'a version in quotes, such as "8.0"' })),
    /** ElastiCache Serverless, whose clients must speak cluster mode. Either this or `node`. */
    serverless: section({
      /** GB of data at most. Default: 5000, AWS's own limit. */
      maxGB: wholeNumber(...cacheBounds.maxGB).optional(),
      /** ECPUs a second at most. Default: 15000000, AWS's own limit. */
      maxEcpuPerSecond: wholeNumber(...cacheBounds.maxEcpuPerSecond).optional(),
    }).optional(),
    /** A type of nodes. */
    node: text("a type of ElastiCache such as cache.t4g.micro", nodeTypeFault).optional(),
    /** With `node`: a second one in another zone, which takes over. Default: no. */
    standby: flag().optional(),
    /** Another number draws another password. Default: 1. */
    passwordVersion: wholeNumber(1, 1000).default(1),
    /** Days for which the snapshot of each day is kept; 0 for none. Default: 0; in production 1. */
    backupDays: wholeNumber(...backupDays).default(defaults.backupDays),
  }).superRefine(checkTogether);
  return z.record(z.string(), cache, { error: "caches by name" });
}

interface Given {
  readonly engine: CacheEngine;
  readonly version: string;
  readonly serverless?: object;
  readonly node?: string;
  readonly standby?: boolean;
}

/** What no value is wrong in alone. */
function checkTogether(given: Given, context: z.core.$RefinementCtx): void {
  const { engine, version, serverless, node } = given;
  const report = (path: string[], message: string, fix: string) =>
    context.addIssue({ code: "custom", path, message, params: { fix } });
  const versions = cacheVersions[engine];
  if (!versions.includes(version)) {
    report(["version"], versions.join(", "), `write "${versions.at(-1)}"`);
  }
  if (serverless === undefined && node === undefined) {
    const fix = "set serverless: {}, or node: cache.t4g.micro";
    report([], "serverless or node: what it runs on and costs", fix);
  }
  if (serverless === undefined) return;
  for (const key of ["node", "standby"] as const) {
    if (given[key] === undefined) continue;
    report([key], "nothing beside serverless, which is in several zones", `remove ${key}`);
  }
}
