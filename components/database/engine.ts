/** What runs the database: RDS has each by itself, Aurora its own that talks the same. */
export type DatabaseEngine = "postgres" | "mysql";

interface Facts {
  readonly port: number;
  /** Major versions, looked up in November 2026. Source: the release calendars in the guides of RDS and Aurora. */
  readonly majors: readonly string[];
  /** What Aurora calls it. */
  readonly aurora: "aurora-postgresql" | "aurora-mysql";
  /** The parameter that refuses connections without TLS. */
  readonly requireTls: { readonly name: string; readonly on: string; readonly off: string };
}

export const engines: Readonly<Record<DatabaseEngine, Facts>> = {
  postgres: {
    port: 5432,
    majors: ["14", "15", "16", "17", "18"],
    aurora: "aurora-postgresql",
    requireTls: { name: "rds.force_ssl", on: "1", off: "0" },
  },
  mysql: {
    port: 3306,
    majors: ["8.0", "8.4"],
    aurora: "aurora-mysql",
    requireTls: { name: "require_secure_transport", on: "ON", off: "OFF" },
  },
};

/** The least minor versions that pause at 0 ACUs. Source: "Aurora Serverless v2 capacity", Aurora user guide. */
const pausesFrom: Readonly<Record<string, number>> = { "14": 12, "15": 7, "16": 3, "17": 4 };
/** The least of Aurora MySQL 3 (8.0) that does, as `3.08`. */
const mysqlPausesFrom = 8;

/** The major version of one that may name a minor as well: `17` of `17.4`, `8.0` of `8.0.42`. */
export function majorOf(engine: DatabaseEngine, version: string): string {
  return version
    .split(".")
    .slice(0, engine === "postgres" ? 1 : 2)
    .join(".");
}

/** Whether a version names its minor, so that AWS must not raise it. */
export function namesMinor(engine: DatabaseEngine, version: string): boolean {
  return majorOf(engine, version) !== version;
}

/** How a version may be written; undefined where it is right. */
export function versionFault(
  engine: DatabaseEngine,
  version: string,
  isAurora: boolean,
): { readonly allowed: string; readonly fix: string } | undefined {
  const { majors } = engines[engine];
  const major = majorOf(engine, version);
  const newest = majors.at(-1);
  const allowed = `${majors.join(", ")}, with a minor version or without`;
  if (!majors.includes(major)) return { allowed, fix: `write "${newest}"` };
  const rest = version.slice(major.length);
  const minor =
    isAurora && major === "8.0" ? /^(?:\.mysql_aurora\.3\.\d{2}\.\d+)?$/ : /^(?:\.\d{1,3})?$/;
  return minor.test(rest) ? undefined : { allowed, fix: `write "${major}", and AWS has the minor` };
}

/** Whether Aurora has a version that pauses at 0 ACUs. A major alone is the newest minor of it. */
export function pauses(engine: DatabaseEngine, version: string): boolean {
  if (!namesMinor(engine, version)) return true;
  const major = majorOf(engine, version);
  if (engine === "mysql") {
    const minor = /mysql_aurora\.3\.(\d+)/.exec(version)?.[1];
    return minor === undefined || Number(minor) >= mysqlPausesFrom;
  }
  return Number(version.split(".")[1]) >= (pausesFrom[major] ?? 0);
}

/** The family of parameter groups: `aurora-postgresql17`, `mysql8.4`. */
export function parameterFamily(engine: DatabaseEngine, version: string, isAurora: boolean) {
  return `${isAurora ? engines[engine].aurora : engine}${majorOf(engine, version)}`;
}

/** How a class of instances may be written; undefined where it is right. */
export function instanceClassFault(given: string): string | undefined {
  if (/^db\.[a-z]\d[a-z0-9-]*\.(?:micro|small|medium|(?:\d{1,2})?x?large)$/.test(given)) {
    return undefined;
  }
  if (given === "db.serverless")
    return "write serverless: { min: 0.5, max: 4 } in place of instance";
  return given.startsWith("db.") ? "write it as db.t4g.medium" : `write db.${given}`;
}
