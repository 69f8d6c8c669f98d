import type { Connection } from "./connection";
import type { ActionRun, PipelineRun, StageRun } from "./run";

/** Where an execution stands between its stages. */
export interface Place {
  /** The stage in which it is, or was last. Default: none yet. */
  readonly stage?: string;
  /** The stage into which it cannot come yet, since another execution is in it. Default: none. */
  readonly waitsFor?: string;
}

/** Tells the emulator of an execution, so that CodePipeline's API answers for it. */
export async function recordExecution(
  { emulator }: Connection,
  run: PipelineRun,
  status: PipelineRun["status"] | "InProgress",
  { stage, waitsFor }: Place = {},
): Promise<void> {
  const { pipeline, executionId: pipelineExecutionId, trigger, stages } = run;
  const sources = (stages.at(0)?.actions ?? []).filter((action) => action.status === "Succeeded");
  const execution = {
    ...{ pipelineExecutionId, status, ...(stage ? { stage } : {}), waitsFor: waitsFor ?? null },
    trigger: { triggerType: triggerType(trigger), triggerDetail: trigger },
    artifactRevisions: sources.map(revisionOf),
    actions: stages.flatMap((stage) => stage.actions.flatMap((one) => detailOf(stage, one))),
  };
  await emulator.control("pipeline-executions", { pipeline, execution });
}

/** As CodePipeline calls what started an execution. */
function triggerType(trigger: string): string {
  if (trigger.startsWith("EventBridge")) return "CloudWatchEvent";
  return /^(Push|Trigger)/.test(trigger) ? "WebhookV2" : "StartPipelineExecution";
}

function revisionOf({ name, artifacts, outputVariables: variables }: ActionRun) {
  return {
    name: artifacts.at(0)?.name ?? name,
    revisionId: variables.CommitId ?? variables.VersionId,
    revisionSummary: variables.CommitMessage ?? variables.ObjectKey,
  };
}

function detailOf(stage: StageRun, action: ActionRun) {
  const { name: actionName, status, startedAt, seconds, outputVariables, error, buildId } = action;
  if (status !== "Succeeded" && status !== "Failed") return [];
  const startTime = Date.parse(startedAt) / 1000;
  return [
    {
      ...{ stageName: stage.name, actionName, status, startTime },
      lastUpdateTime: startTime + seconds,
      output: {
        outputVariables,
        executionResult: { externalExecutionSummary: error, externalExecutionId: buildId },
      },
    },
  ];
}
