import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "./engine";
import { table } from "./table";
import type { Phase } from "./update";
import { gantryFolder } from "./workspace";

/** What became of one environment. */
export interface EnvironmentReport {
  readonly stack: string;
  readonly phases: readonly Phase[];
  readonly resources: number;
  /** The stack's outputs, as `pulumi stack output --json` has them. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What `npm start` did: `.gantry/report.json`. Times are in seconds. */
export interface Report {
  /** Raised when a reader would have to change. */
  readonly version: 1;
  readonly startedAt: string;
  readonly seconds: number;
  readonly succeeded: boolean;
  /** Why not, as it was printed. */
  readonly error?: string;
  readonly engine?: Pick<Engine, "version" | "origin" | "awsPlugin">;
  /** Calls to the emulated AWS API. */
  readonly apiCalls?: number;
  readonly environments: readonly EnvironmentReport[];
}

export const reportFile = join(gantryFolder, "report.json");

export function writeReport(report: Report): void {
  mkdirSync(gantryFolder, { recursive: true });
  writeFileSync(reportFile, `${JSON.stringify(report, undefined, 2)}\n`);
}

/** The report for a person: what there is now, and what each phase took. */
export function summary({ environments }: Report): string {
  const phases = [...new Set(environments.flatMap((e) => e.phases.map(({ name }) => name)))];
  const rows = environments.map(({ stack, resources, phases: done, outputs }) => [
    stack,
    String(resources),
    ...phases.map((name) => seconds(done.find((phase) => phase.name === name)?.seconds)),
    typeof outputs.release === "string" ? outputs.release : "",
  ]);
  const columns = ["environment", "resources#", ...phases.map((name) => `${name} s#`), "release"];
  return [table(columns, rows), ...environments.map(outputLines)].join("\n\n");
}

function outputLines({ stack, outputs }: EnvironmentReport): string {
  const lines = Object.entries(outputs).flatMap(([name, value]) =>
    typeof value === "object" && value !== null
      ? Object.entries(value).map(([key, inner]) => [`${name}.${key}`, String(inner)])
      : [[name, String(value)]],
  );
  return table([stack, ""], lines);
}

function seconds(value: number | undefined): string {
  return value === undefined ? "" : value.toFixed(1);
}
