import { z } from "zod";
import {
  instanceClassFault,
  pauses,
  versionFault,
  type DatabaseEngine,
} from "../../components/database/engine";
import { bounds, databaseName, isCapacity } from "../../components/database/validate";
import type { StackDefaults } from "./defaults";
import { choice, flag, reportFix, scalar, section, text, wholeNumber } from "./fields";

/** Databases by name. */
export function databasesSchema(defaults: StackDefaults["database"]) {
  const number = (key: keyof typeof bounds) => wholeNumber(bounds[key][0], bounds[key][1]);
  const database = section({
    engine: choice(["postgres", "mysql"]),
    /** As "17" or "8.4"; with a minor version AWS raises none by itself. */
    version: scalar(z.string({ error: 'a version in quotes, such as "17"' })),
    /** Aurora Serverless v2: ACUs, each about 2 GiB of memory. Either this or `instance`. */
    serverless: section({
      min: capacity(0),
      max: capacity(1),
      /** Seconds without a connection after which it pauses, with `min: 0`. Default: 300. */
      pauseAfterSeconds: number("pauseAfterSeconds").optional(),
    }).optional(),
    /** RDS: a class of instances. */
    instance: text("a class of RDS such as db.t4g.medium", instanceClassFault).optional(),
    /** With `instance`: GiB that it begins with. Default: 20. */
    storageGiB: number("storageGiB").optional(),
    /** With `instance`: GiB up to which it grows. Default: five times `storageGiB`. */
    maxStorageGiB: number("maxStorageGiB").optional(),
    /** A second instance in another zone, which takes over. Default: no; in production yes. */
    standby: flag().default(defaults.standby),
    /** The database that is made in it. Default: `app`. */
    databaseName: text(
      "lower-case letters, digits and _, a letter first, at most 63",
      databaseName,
      "call it app or shop",
    ).default("app"),
    /** Days for which it can be put back to any moment. Default: 7. */
    backupDays: number("backupDays").default(7),
    /** Days after which its password changes. Default: 30. */
    passwordDays: number("passwordDays").default(30),
    /** Whether connections without TLS are refused. Default: yes. */
    requireTls: flag().default(true),
  }).superRefine(checkTogether);
  return z.record(z.string(), database, { error: "databases by name" });
}

function capacity(least: number) {
  const error = `ACUs from ${least} to 256, in halves`;
  return z.number({ error }).superRefine((given, context) => {
    if (isCapacity(given, least)) return;
    const nearest = Math.min(256, Math.max(least, Math.round(given * 2) / 2));
    reportFix(context, error, `set it to ${nearest}`);
  });
}

interface Given {
  readonly engine: DatabaseEngine;
  readonly version: string;
  readonly serverless?: { readonly min: number; readonly max: number };
  readonly instance?: string;
  readonly storageGiB?: number;
  readonly maxStorageGiB?: number;
}

/** What no value is wrong in alone. */
function checkTogether(given: Given, context: z.core.$RefinementCtx): void {
  const { engine, version, serverless, instance, storageGiB = 20, maxStorageGiB } = given;
  const report = (path: string[], message: string, fix: string) =>
    context.addIssue({ code: "custom", path, message, params: { fix } });
  // What is wrong by itself is no measure of another.
  const isWrong = (key: string) => context.issues.some(({ path }) => path?.at(-1) === key);
  const wrong = versionFault(engine, version, serverless !== undefined);
  if (wrong) report(["version"], wrong.allowed, wrong.fix);
  if (serverless === undefined && instance === undefined) {
    const fix = "set serverless: { min: 0.5, max: 4 }, or instance: db.t4g.medium";
    report([], "serverless or instance: what it runs on and costs", fix);
  }
  if (serverless !== undefined) {
    for (const key of ["instance", "storageGiB", "maxStorageGiB"] as const) {
      if (given[key] === undefined) continue;
      report(
        [key],
        "nothing beside serverless, which has no class and grows by itself",
        `remove ${key}`,
      );
    }
    if (serverless.min > serverless.max && !isWrong("min") && !isWrong("max")) {
      const allowed = `at most max, which is ${serverless.max}`;
      report(["serverless", "min"], allowed, `set min: ${serverless.max}`);
    }
    if (!wrong && serverless.min === 0 && !pauses(engine, version)) {
      const allowed = `0.5 or more with version ${version}, which does not pause`;
      report(["serverless", "min"], allowed, "set min: 0.5, or a newer version");
    }
  }
  const isStorage = !isWrong("storageGiB") && !isWrong("maxStorageGiB");
  if (maxStorageGiB !== undefined && maxStorageGiB < storageGiB && isStorage) {
    const allowed = `storageGiB or more, which is ${storageGiB}`;
    report(["maxStorageGiB"], allowed, `set maxStorageGiB: ${storageGiB}`);
  }
}
