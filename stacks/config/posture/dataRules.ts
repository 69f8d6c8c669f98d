import { majorOf } from "../../../components/database/engine";
import type { EnvironmentConfig } from "../types";
import { ofNamed, type Rule } from "./rule";
import { dayOf } from "./schema";

/** Days for which something deleted by mistake can be had back, at least: until somebody misses it. */
const leastDays = 7;

/**
 * The last days of standard support, of engines that config takes; what is not here ends later. Looked up in November 2026. Source:
 * "Supported MySQL major versions on Amazon RDS", RDS user guide.
 */
const standardSupport: Readonly<Record<string, string>> = { "rds mysql 8.0": "2026-07-31" };

/** What keeps data. */
export const dataRules: readonly Rule[] = [
  {
    id: "plain-database",
    key: "databases.<name>.requireTls",
    danger: "`false`",
    why: "passwords and rows may cross the network as plain text",
    safe: "set requireTls: true",
    production: "refused",
    staging: "told",
    find: ofNamed("databases", ["requireTls"], ({ requireTls }) => !requireTls),
  },
  {
    id: "short-backups",
    key: "databases.<name>.backupDays",
    danger: `less than ${leastDays}`,
    why: "what goes wrong on a Friday cannot be put back in the week after",
    safe: `set backupDays: ${leastDays} or more`,
    production: "refused",
    find: ofNamed("databases", ["backupDays"], ({ backupDays }) => backupDays < leastDays),
  },
  {
    id: "database-without-standby",
    key: "databases.<name>.standby",
    danger: "`false`",
    why: "with its host or its zone, the database is gone until AWS has made another",
    safe: "set standby: true",
    production: "refused",
    find: ofNamed("databases", ["standby"], ({ standby }) => !standby),
  },
  {
    id: "old-engine",
    key: "databases.<name>.version",
    danger: "past AWS's standard support: MySQL 8.0 on RDS",
    why: "it is mended no more but for what AWS holds critical, and costs by the hour beside",
    safe: 'upgrade it there, and write the newer version, such as "8.4"',
    production: "told",
    staging: "told",
    find: ofNamed("databases", ["version"], (database, _, now) => {
      const ends = standardSupport[calledByAws(database)];
      return ends !== undefined && now !== undefined && ends < dayOf(now);
    }),
  },
  {
    id: "old-passwords",
    key: "databases.<name>.passwordDays",
    danger: "more than 365",
    why: "a password that got out opens the database for years",
    safe: "set passwordDays: 30, or at most 365",
    production: "told",
    find: ofNamed("databases", ["passwordDays"], ({ passwordDays }) => passwordDays > 365),
  },
  {
    id: "pausing-database",
    key: "databases.<name>.serverless.min",
    danger: "0",
    why: "after a pause the first users wait about 15 seconds for it",
    safe: "set min: 0.5 or more",
    production: "told",
    find: ofNamed(
      "databases",
      ["serverless", "min"],
      ({ serverless }) => serverless !== undefined && serverless.min === 0,
    ),
  },
  {
    id: "cache-without-standby",
    key: "caches.<name>.standby",
    danger: "none, with `node`",
    why: "with its host, all that is in the cache is gone, and its users with it until AWS has made another",
    safe: "set standby: true",
    production: "told",
    find: ofNamed(
      "caches",
      ["standby"],
      ({ node, standby }) => node !== undefined && standby !== true,
    ),
  },
  {
    id: "short-versions",
    key: "buckets.<name>.keepVersionDays",
    danger: `less than ${leastDays}`,
    why: "what was overwritten or deleted by mistake is gone before somebody misses it",
    safe: `set keepVersionDays: ${leastDays} or more`,
    production: "refused",
    find: ofNamed(
      "buckets",
      ["keepVersionDays"],
      ({ keepVersionDays }) => keepVersionDays < leastDays,
    ),
  },
  {
    id: "any-origin",
    key: "buckets.<name>.cors",
    danger: "an origin of `*`, or of plain `http://`",
    why: "pages of anybody, or that anybody between has changed, may use what a user's page was given",
    safe: "name the origins of your own pages, with https://",
    production: "refused",
    find: ofNamed("buckets", ["cors"], ({ cors }) =>
      cors.some(({ origins }) => origins.some((each) => each === "*" || /^http:/.test(each))),
    ),
  },
];

function calledByAws({
  engine,
  serverless,
  version,
}: EnvironmentConfig["databases"][string]): string {
  return `${serverless ? "aurora" : "rds"} ${engine} ${majorOf(engine, version)}`;
}
