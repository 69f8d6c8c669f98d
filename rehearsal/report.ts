import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ServiceAddress } from "./addresses";
import type { ReportedDifference } from "./metDifferences";
import type { Engine } from "./engine";
import type { SentMessage } from "./messages";
import { renderPage } from "./page";
import type { PipelineRun } from "./runner/run";
import type { TrafficShift } from "./shifts";
import type { TrafficReport } from "./traffic/report";
import type { Phase } from "./update";

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
  /** What a client got from production meanwhile, where it was delivered there. */
  readonly traffic?: TrafficReport;
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
  /** Whether config has a verification of it. */
  readonly checked: boolean;
  /** Of the running tasks. */
  readonly digest: string;
  /** Of the image in the environment's registry, under the release's tag. */
  readonly registry?: string;
  readonly taskDefinition?: string;
  readonly ledger?: string;
}

/** What a rehearsal did: `.gantry/report.json`. Times are in seconds. */
export interface Report {
  /** Raised when a reader would have to change. */
  readonly version: 3;
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
  /** How requests were led to old and new tasks over time, where a service's deployments shift traffic. */
  readonly shifts?: readonly TrafficShift[];
  /** What people were told meanwhile, where config names somebody. */
  readonly messages?: readonly SentMessage[];
  /** Where services answered through their load balancers; where `kept`, they do until `--destroy`. */
  readonly addresses: readonly ServiceAddress[];
  /** Whether it was left running. */
  readonly kept: boolean;
  /** In what it was otherwise than on AWS. */
  readonly differences: readonly ReportedDifference[];
  /** Calls to the AWS API that a deployment of nothing but images made before it waited; at most 20. */
  readonly callsBeforeWait?: number;
  /** What actions spent before Gantry's own first line; absent where none ran. */
  readonly firstLine?: FirstLine;
}

/** Seconds from an action's start to the first line of Gantry's command, of all actions that came as far. */
export interface FirstLine {
  readonly medianSeconds: number;
  readonly mostSeconds: number;
}

/** Where a report is: for machines, and as a page. */
export function reportFiles(folder: string): { readonly json: string; readonly page: string } {
  return { json: join(folder, "report.json"), page: join(folder, "report.html") };
}

/**
 * Of the pipelines' deployments of nothing but images, the one that made the most: the first release of an environment
 * changes more than images. Undefined where none got as far.
 */
export function callsBeforeWait(deliveries: readonly DeliveryReport[]): number | undefined {
  const runs = deliveries.flatMap((delivery) => delivery.runs);
  const counts = runs
    .filter(({ pipeline }, index) => runs.slice(0, index).some((run) => run.pipeline === pipeline))
    .flatMap(({ stages }) => stages)
    .flatMap(({ actions }) => actions)
    .filter(({ name }) => name === "Deploy")
    .flatMap((action) => action.callsBeforeWait ?? []);
  return counts.length > 0 ? Math.max(...counts) : undefined;
}

export function firstLine(deliveries: readonly DeliveryReport[]): FirstLine | undefined {
  const found = deliveries
    .flatMap(({ runs }) => runs.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions)))
    .flatMap(({ firstLineSeconds }) => firstLineSeconds ?? [])
    .sort((a, b) => a - b);
  if (found.length === 0) return undefined;
  return {
    medianSeconds: found[Math.floor(found.length / 2)],
    mostSeconds: found[found.length - 1],
  };
}

/** Writes both. @param folder made where it is missing. */
export function writeReport(report: Report, folder: string): void {
  const { json, page } = reportFiles(folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(page, renderPage(report));
}
