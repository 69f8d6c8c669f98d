import {
  actionsOf,
  executionsOf,
  exportedBy,
  waitsForAnswer,
  placeOf,
  stagesOf,
  type Pipeline,
} from "./pipeline";

/** A release in an execution that has not ended. */
export interface UnderWay {
  readonly release: string;
  readonly execution: string;
  /** Absent between two stages. */
  readonly stage?: string;
  /** For what it waits: its turn in the stage, or a person's answer. Absent where something runs. */
  readonly waitsFor?: "turn" | "approval";
}

/** The releases in a pipeline, the newest execution first; one that has come to none yet, as while it builds, is left out. */
export async function underWay(pipeline: Pipeline): Promise<readonly UnderWay[]> {
  const [executions, stages] = await Promise.all([executionsOf(pipeline), stagesOf(pipeline)]);
  const open = executions.filter(({ status }) => status === "InProgress" || status === "Stopping");
  const found = await Promise.all(
    open.map(async ({ pipelineExecutionId: execution = "" }): Promise<UnderWay[]> => {
      const release = exportedBy(await actionsOf(pipeline, execution), "releaseId");
      if (release === undefined) return [];
      const place = placeOf(stages, execution);
      if (!place) return [{ release, execution }];
      const { stage, isBefore } = place;
      const { actionStates = [] } = stages.find(({ stageName }) => stageName === stage) ?? {};
      const waits = actionStates.some(({ latestExecution }) => waitsForAnswer(latestExecution));
      const waitsFor = isBefore ? "turn" : waits ? "approval" : undefined;
      return [{ release, execution, stage, ...(waitsFor ? { waitsFor } : {}) }];
    }),
  );
  return found.flat();
}
