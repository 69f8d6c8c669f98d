import { folderOf, partitionKey } from "./partition";
import { tableName } from "./table";

interface SavedQuery {
  readonly key: string;
  readonly description: string;
  /** @param logGroups names of all that are exported. */
  readonly text: (database: string, logGroups: readonly string[]) => string;
}

/** Each line that was logged, of the days and groups that `where` says. */
function lines(database: string, where: readonly string[]): string {
  return [
    "SELECT from_unixtime(e.ts / 1000.0) AS time, log_group, logstream, e.message",
    `FROM "${database}".${tableName} CROSS JOIN UNNEST(logevents) AS e (id, ts, message)`,
    `WHERE ${where.join("\n  AND ")}`,
    "ORDER BY e.ts LIMIT 1000",
  ].join("\n");
}

function inGroups(logGroups: readonly string[]): string {
  const folders = logGroups.map((name) => `'${folderOf(name).replaceAll("'", "''")}'`);
  return `${partitionKey} IN (${folders.sort().join(", ")})`;
}

const today = "day = date_format(current_timestamp AT TIME ZONE 'UTC', '%Y-%m-%d')";

/** What people begin with; each names the groups, which the table asks for. */
export const savedQueries: readonly SavedQuery[] = [
  {
    key: "errors",
    description: "Lines of today that tell of an error, in all groups",
    text: (database, logGroups) =>
      lines(database, [
        inGroups(logGroups),
        today,
        "regexp_like(e.message, '(?i)\\b(error|exception|fatal|panic)\\b')",
      ]),
  },
  {
    key: "text",
    description: "Lines of some days with a text: write it, and the days, in place of these",
    text: (database, logGroups) =>
      lines(database, [
        inGroups(logGroups),
        "day BETWEEN '2026-01-01' AND '2026-01-07'",
        "strpos(e.message, 'the text') > 0",
      ]),
  },
  {
    key: "volume",
    description: "How much each group has logged today, in lines and characters",
    text: (database, logGroups) =>
      [
        "SELECT log_group, count(*) AS lines, sum(length(e.message)) AS characters",
        `FROM "${database}".${tableName} CROSS JOIN UNNEST(logevents) AS e (id, ts, message)`,
        `WHERE ${inGroups(logGroups)}`,
        `  AND ${today}`,
        "GROUP BY log_group ORDER BY characters DESC",
      ].join("\n"),
  },
];
