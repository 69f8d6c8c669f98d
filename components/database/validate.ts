import { isWhole, type Fault } from "../shared/validation";
import type { DatabaseArgs } from "./args";
import { instanceClassFault, pauses, versionFault } from "./engine";

/** AWS's own bounds. Source: "CreateDBInstance" and "ServerlessV2ScalingConfiguration", RDS API reference. */
export const bounds = {
  backupDays: [1, 35],
  passwordDays: [1, 1000],
  storageGiB: [20, 65_536],
  maxStorageGiB: [20, 65_536],
  pauseAfterSeconds: [300, 86_400],
} as const;

/** Names of a first database that both engines take. */
export const databaseName = /^[a-z][a-z0-9_]{0,62}$/;

/** Capacity in halves of an ACU. */
export function isCapacity(given: number, least: number): boolean {
  return Number.isInteger(given * 2) && given >= least && given <= 256;
}

/** Everything that is wrong with the arguments of a database. */
export function databaseFaults(args: DatabaseArgs): Fault[] {
  const { engine, version, serverless, instance } = args;
  const found: (Fault | undefined)[] = [
    ...Object.entries(bounds).map(([path, [least, most]]) => {
      const given =
        path === "pauseAfterSeconds"
          ? serverless?.pauseAfterSeconds
          : args[path as Exclude<keyof typeof bounds, "pauseAfterSeconds">];
      if (given === undefined || isWhole(given, least, most)) {
        return undefined;
      }
      return { path, given, allowed: `${least} to ${most}`, fix: `set ${path}: ${least}` };
    }),
  ];
  if ((serverless === undefined) === (instance === undefined)) {
    const given = { serverless, instance };
    found.push({
      path: "serverless",
      given,
      allowed: "either serverless or instance",
      fix: "name one",
    });
  }
  const wrong = versionFault(engine, version, serverless !== undefined);
  if (wrong) found.push({ path: "version", given: version, ...wrong });
  const classFix = instance === undefined ? undefined : instanceClassFault(instance);
  if (classFix !== undefined) {
    found.push({ path: "instance", given: instance, allowed: "a class of RDS", fix: classFix });
  }
  if (args.databaseName !== undefined && !databaseName.test(args.databaseName)) {
    const allowed = "lower-case letters, digits and _, a letter first, at most 63";
    found.push({ path: "databaseName", given: args.databaseName, allowed, fix: "call it app" });
  }
  if (serverless) found.push(...capacityFaults(args, serverless));
  return found.filter((fault) => fault !== undefined);
}

function capacityFaults(
  { engine, version }: DatabaseArgs,
  { min, max }: NonNullable<DatabaseArgs["serverless"]>,
): Fault[] {
  if (!isCapacity(min, 0) || !isCapacity(max, 1) || min > max) {
    const allowed = "min from 0 and max from 1, to 256 in halves, min at most max";
    const fix = "set serverless: { min: 0.5, max: 4 }";
    return [{ path: "serverless", given: { min, max }, allowed, fix }];
  }
  if (min > 0 || pauses(engine, version)) return [];
  const allowed = `0.5 or more with version ${version}, which does not pause`;
  return [{ path: "serverless.min", given: min, allowed, fix: "set min: 0.5, or a newer version" }];
}
