import type { Project } from "@aws-sdk/client-codebuild";
import type { Approvals } from "./approvals";
import type { Artifacts } from "./artifacts";
import type { BuildVariable } from "./buildspec";
import type { BuildHost } from "./buildHost";
import type { BuildAdjustments } from "./codebuild";
import type { Connection, SessionCredentials } from "./connection";
import type { Action, Pipeline } from "./pipelines";
import type { ArtifactRun } from "./run";
import type { SourceRepository } from "./repository";

/** A build that is about to run. */
export interface BuildPlan {
  readonly project: Project;
  readonly variables: readonly BuildVariable[];
  /** A folder of the action's own. */
  readonly folder: string;
}

export type AdjustBuild = (build: BuildPlan) => Promise<BuildAdjustments>;

/** What an action works with. */
export interface ActionContext {
  readonly connection: Connection;
  readonly pipeline: Pipeline;
  readonly executionId: string;
  readonly action: Action;
  /** With its variables filled in. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly artifacts: Artifacts;
  readonly repository?: SourceRepository;
  /** The revision that the source action shall take. Default: the newest. */
  readonly revision?: string;
  readonly approvals: Approvals;
  /** A folder of the action's own. */
  readonly folder: string;
  readonly logFile: string;
  /** Keys of the role that CodePipeline works under for this action. */
  readonly orchestrator: SessionCredentials;
  /** The commit that the source is of; empty where nothing tells. */
  readonly commit: string;
  readonly adjust: AdjustBuild;
  readonly host: BuildHost;
  /** Says under which role the action works, where that is another than CodePipeline's. */
  onRole(roleArn: string, credentials: SessionCredentials): void;
  /** Says which build it is, as CodeBuild calls it: `<project>:<id>`. */
  onBuild(id: string): void;
}

/** How an action ended. */
export interface ActionOutcome {
  readonly outputVariables?: Readonly<Record<string, string>>;
  readonly artifacts?: readonly ArtifactRun[];
  readonly tail?: readonly string[];
  /** When Gantry's command said its first line, in milliseconds of the epoch. */
  readonly firstLineAt?: number;
  readonly overrides?: Readonly<Record<string, string>>;
  readonly simulated?: readonly string[];
  /** Of a source that has commits. */
  readonly commit?: string;
  /** What an approval showed. */
  readonly evidence?: string;
  /** Whether it was given up before it ended. Default: no. */
  readonly abandoned?: boolean;
  readonly error?: string;
}
