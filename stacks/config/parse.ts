import type { z } from "zod";
import { isRecord } from "../../contract/record";
import { checks, type Report } from "./checks";
import { describeGiven, nothing } from "./given";
import { readIssues, type Finding } from "./issues";
import { valueAt } from "./path";
import type { Remainder } from "./remainder";
import type { EnvironmentConfig } from "./types";

/** More rounds than any document needs; it only keeps a mistake of ours from going round for ever. */
const mostRounds = 20;

/**
 * Parses what is in order. Each round takes out what is faulty, until the rest parses: so a fault
 * in one place hides none in another.
 */
export function parseRemainder<T extends z.ZodType>(
  schema: T,
  remainder: Remainder,
  findings: Finding[],
): z.output<T> | undefined {
  for (let round = 0; round < mostRounds; round++) {
    // A schema is parsed once in its life: compiling it costs more than it saves.
    const result = schema.safeParse(remainder.root, { jitless: true });
    if (result.success) return result.data;
    const readings = readIssues(result.error.issues, remainder.root);
    for (const { finding } of readings) {
      const path = remainder.original(finding.path);
      // What is empty or missing because something was taken out of it is no fault of the document.
      if (!remainder.lacks(path) && !remainder.lacksPartOf(path))
        findings.push({ ...finding, path });
    }
    remainder.setAside(readings.map(({ setAside }) => setAside));
  }
  return undefined;
}

/** Runs the checks of values that must agree, leaving out what rests on a value that is faulty itself. */
export function runChecks(
  config: EnvironmentConfig,
  remainder: Remainder,
  document: Record<string, unknown>,
  now: Date | undefined,
): Finding[] {
  const findings: Finding[] = [];
  for (const check of checks) {
    const report: Report = ({ path: found, given, allowed, fix, sayable, reads = [], whole }) => {
      const path = remainder.original(found);
      if ([path, ...reads].some((each) => remainder.lacks(each))) return;
      if (whole && remainder.lacksPartOf(path)) return;
      const stands = valueAt(document, path);
      const described = describeGiven(path, stands ?? emptyAsNothing(valueAt(config, found)));
      const isDefault = stands === undefined && described !== nothing;
      findings.push({
        path,
        given: given ?? (isDefault ? `${described}, the default` : described),
        allowed,
        fix,
        ...(sayable === undefined ? {} : { sayable }),
      });
    };
    check(config, report, now);
  }
  return findings;
}

function emptyAsNothing(value: unknown): unknown {
  return isRecord(value) && Object.keys(value).length === 0 ? undefined : value;
}
