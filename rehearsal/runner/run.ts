import type { Action } from "./pipelines";
/** What became of one execution of a pipeline: plain data, for the report. Times are in seconds. */

export interface PipelineRun {
  readonly pipeline: string;
  readonly executionId: string;
  /** What started it, such as `Webhook: main` or `CloudWatchEvent: <rule>`. */
  readonly trigger: string;
  /** The commit that the source is of; empty where nothing tells. */
  readonly commit: string;
  readonly startedAt: string;
  readonly seconds: number;
  /** Stopped: somebody stopped the execution, or the rehearsal was interrupted. */
  readonly status: "Succeeded" | "Failed" | "Stopped";
  readonly stages: readonly StageRun[];
  /** What an approval showed to whoever decides. */
  readonly evidence?: string;
  /** What was not as on AWS, beyond what the emulator's README says: no builder of images, for instance. */
  readonly simulated: readonly string[];
}

export interface StageRun {
  readonly name: string;
  readonly status: StageStatus;
  readonly actions: readonly ActionRun[];
}

export type StageStatus = "Succeeded" | "Failed" | "Skipped" | "Stopped";

/** Skipped: its turn never came. Abandoned: the execution was stopped, or the rehearsal interrupted, before it ended. */
export type ActionStatus = "Succeeded" | "Failed" | "Skipped" | "Abandoned";

export interface ActionRun {
  readonly name: string;
  readonly provider: string;
  /** Actions of a stage with the same number run at once. */
  readonly runOrder: number;
  /** The role that it worked under, as an ARN: of a CodeBuild action the project's. */
  readonly role: string;
  readonly status: ActionStatus;
  /** Of an action whose turn never came, when that was clear. */
  readonly startedAt: string;
  readonly seconds: number;
  /** From its start to the first line of Gantry's command; absent where that said none. */
  readonly firstLineSeconds?: number;
  readonly outputVariables: Readonly<Record<string, string>>;
  readonly artifacts: readonly ArtifactRun[];
  /** Calls to the AWS API that were signed with the keys of its role. */
  readonly apiCalls: number;
  /** The same by `service:Action`. */
  readonly apiCallsByAction: Readonly<Record<string, number>>;
  /** Of an action that waited for ECS: its calls up to the first look at how ECS's deployment goes. */
  readonly callsBeforeWait?: number;
  readonly logFile?: string;
  /** The last lines of the log. */
  readonly tail: readonly string[];
  /** Variables that have another value here than the pipeline gives them, each with why. */
  readonly overrides: Readonly<Record<string, string>>;
  /** What was not as on AWS. */
  readonly simulated: readonly string[];
  readonly error?: string;
  /** The last build of an action of CodeBuild: `<project>:<id>`. */
  readonly buildId?: string;
  /** What the first attempt failed with, where the stage tried it once more. */
  readonly retriedAfter?: string;
}

export interface ArtifactRun {
  readonly name: string;
  /** In the artifact bucket. */
  readonly key: string;
  readonly bytes: number;
}

/** An action that its execution did not come to. */
export function notRun(action: Action, status: "Skipped" | "Abandoned"): ActionRun {
  const { name, provider, runOrder, roleArn: role } = action;
  return {
    ...{ name, provider, runOrder, role, status },
    startedAt: new Date().toISOString(),
    seconds: 0,
    outputVariables: {},
    artifacts: [],
    apiCalls: 0,
    apiCallsByAction: {},
    tail: [],
    overrides: {},
    simulated: [],
  };
}
