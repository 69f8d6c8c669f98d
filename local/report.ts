import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "./engine";
import { renderPage } from "./page";
import type { PipelineRun } from "./rehearsal/run";
import type { Phase } from "./update";
import { gantryFolder } from "./workspace";

/** A run of the engine; the last one asks whether a person's preview is empty after what pipelines deployed. */
export type EnvironmentPhase = Omit<Phase, "name"> & {
  readonly name: Phase["name"] | "preview after delivery";
};

/** What became of one environment. */
export interface EnvironmentReport {
  readonly stack: string;
  readonly phases: readonly EnvironmentPhase[];
  readonly resources: number;
  /** The stack's outputs, as `pulumi stack output --json` has them. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What became of one commit. */
export interface DeliveryReport {
  readonly commit: string;
  readonly subject: string;
  /** What the commit is there to show. */
  readonly purpose: string;
  /** How it ended, as a sentence. */
  readonly outcome: string;
  readonly asExpected: boolean;
  /** The runs of pipelines that it started, in order. */
  readonly runs: readonly PipelineRun[];
  /** By execution: what its approval was shown. */
  readonly evidence: Readonly<Record<string, string>>;
}

/** What runs in an environment, told by each of those who must agree on it. */
export interface RunningReport {
  readonly stack: string;
  /** Id of the release. */
  readonly release: string;
  readonly since: string;
  readonly verified: boolean;
  readonly services: readonly RunningService[];
}

export interface RunningService {
  readonly service: string;
  /** Of the running tasks. */
  readonly digest: string;
  /** Of the image in the environment's registry, under the release's tag. */
  readonly registry?: string;
  readonly taskDefinition?: string;
  readonly ledger?: string;
}

/** What `npm start` did: `.gantry/report.json`. Times are in seconds. */
export interface Report {
  /** Raised when a reader would have to change. */
  readonly version: 2;
  readonly startedAt: string;
  readonly seconds: number;
  readonly succeeded: boolean;
  /** Why not, as it was printed. */
  readonly error?: string;
  readonly engine?: Pick<Engine, "version" | "origin" | "awsPlugin">;
  /** Calls to the emulated AWS API. */
  readonly apiCalls?: number;
  readonly environments: readonly EnvironmentReport[];
  /** The commits, in order. */
  readonly deliveries: readonly DeliveryReport[];
  readonly running: readonly RunningReport[];
  /** Calls to the AWS API that a deployment of nothing but images made before it waited; at most 20. */
  readonly callsBeforeWait?: number;
}

const reportName = "report.json";
const pageName = "report.html";

export const reportFile = join(gantryFolder, reportName);
/** The same as a page. */
export const pageFile = join(gantryFolder, pageName);

/** Of the pipelines' deployments, the one that made the most. Undefined where none got as far. */
export function callsBeforeWait(deliveries: readonly DeliveryReport[]): number | undefined {
  const counts = deliveries
    .flatMap(({ runs }) => runs)
    .flatMap(({ stages }) => stages)
    .flatMap(({ actions }) => actions)
    .filter(({ name }) => name === "Deploy")
    .flatMap((action) => action.callsBeforeWait ?? []);
  return counts.length > 0 ? Math.max(...counts) : undefined;
}

/** Writes both. @param folder made where it is missing. */
export function writeReport(report: Report, folder = gantryFolder): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, reportName), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(folder, pageName), renderPage(report));
}
