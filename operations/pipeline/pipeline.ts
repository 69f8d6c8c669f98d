import {
  GetPipelineStateCommand,
  ListPipelineExecutionsCommand,
  type ActionExecution,
  type ActionExecutionDetail,
  type CodePipelineClient,
  type PipelineExecutionSummary,
  type StageState,
} from "@aws-sdk/client-codepipeline";
import { exportedVariables } from "../../contract/variables";
import { DeliveryError, isNamed } from "../../delivery/errors";
import { actionsOf as executionActions } from "../../delivery/pipelineExecution";
import type { Target } from "../../delivery/target";

/** The pipeline of an environment, and how it is asked. */
export interface Pipeline {
  readonly codepipeline: Pick<CodePipelineClient, "send">;
  readonly name: string;
  readonly stack: string;
  readonly region: string;
}

/** @throws DeliveryError where config has none. */
export function pipelineOf(
  { config, names, stack, region }: Pick<Target, "config" | "names" | "stack" | "region">,
  codepipeline: Pipeline["codepipeline"],
): Pipeline {
  if (config.pipeline) return { codepipeline, name: names.pipeline, stack, region };
  throw new DeliveryError(
    `${stack} has no pipeline: gantry:pipeline is not in Pulumi.${stack}.yaml. Nothing was done.`,
  );
}

/** Each stage with who is in it, and who waits before it. */
export async function stagesOf(pipeline: Pipeline): Promise<readonly StageState[]> {
  const { stageStates = [] } = await asked(pipeline, () =>
    pipeline.codepipeline.send(new GetPipelineStateCommand({ name: pipeline.name })),
  );
  return stageStates;
}

/** The newest executions, newest first: a hundred at most, by one call. */
export async function executionsOf(
  pipeline: Pipeline,
): Promise<readonly PipelineExecutionSummary[]> {
  const { pipelineExecutionSummaries = [] } = await asked(pipeline, () =>
    pipeline.codepipeline.send(
      new ListPipelineExecutionsCommand({ pipelineName: pipeline.name, maxResults: 100 }),
    ),
  );
  return pipelineExecutionSummaries;
}

/** What ran of an execution, newest first. */
export function actionsOf(
  { codepipeline, name }: Pipeline,
  id: string,
): Promise<readonly ActionExecutionDetail[]> {
  return executionActions({ codepipeline, pipeline: name, id });
}

/** What an action of an execution has exported last, by the variable's name. */
export function exportedBy(
  actions: readonly ActionExecutionDetail[],
  variable: keyof typeof exportedVariables,
): string | undefined {
  const name = exportedVariables[variable];
  return actions
    .map(({ output }) => output?.outputVariables?.[name])
    .find((value) => value !== undefined && value !== "");
}

/**
 * The execution that is meant.
 * @param given its id, or how that begins.
 * @throws DeliveryError where the pipeline knows none so, or several.
 */
export function executionMeant(
  { name, stack }: Pipeline,
  executions: readonly PipelineExecutionSummary[],
  given: string,
): PipelineExecutionSummary {
  const found = executions.filter(({ pipelineExecutionId: id = "" }) => id.startsWith(given));
  if (found.length === 1) return found[0];
  const newest = executions.slice(0, 5).map(executionLine);
  const why =
    found.length > 1
      ? `${found.length} executions of ${name} begin with ${given}`
      : `${name} has no execution ${given} among its newest ${executions.length}`;
  throw new DeliveryError(
    `${why}. Nothing was done. Name one by its id, or the beginning of it; the newest of ${stack}:`,
    newest.length > 0 ? newest : ["none: the pipeline has not run yet"],
  );
}

/** `1f2e3d4c-...  InProgress  since 2026-11-30T12:44:00.000Z` */
export function executionLine({
  pipelineExecutionId = "",
  status,
  startTime,
}: PipelineExecutionSummary): string {
  const since = startTime ? `  since ${startTime.toISOString()}` : "";
  return `${pipelineExecutionId}  ${status}${since}`;
}

/** Whether it waits for somebody's answer: an approval alone has a token, while it waits. */
export function waitsForAnswer(run: ActionExecution | undefined): run is ActionExecution & Waiting {
  return run?.status === "InProgress" && run.token !== undefined;
}

interface Waiting {
  readonly token: string;
}

/** An execution that is inside of a stage, or waits until that is free. */
export interface Place {
  readonly stage: string;
  /** Whether it waits before it. */
  readonly isBefore: boolean;
}

/** @returns undefined where it is in none, as between two stages. */
export function placeOf(stages: readonly StageState[], execution: string): Place | undefined {
  for (const { stageName = "", latestExecution, inboundExecutions, inboundExecution } of stages) {
    const isIt = (one: typeof inboundExecution) =>
      one?.pipelineExecutionId === execution && one.status === "InProgress";
    if ((inboundExecutions ?? [inboundExecution]).some(isIt)) {
      return { stage: stageName, isBefore: true };
    }
    if (isIt(latestExecution) || isStopping(latestExecution, execution)) {
      return { stage: stageName, isBefore: false };
    }
  }
  return undefined;
}

function isStopping(one: StageState["latestExecution"], execution: string): boolean {
  return one?.pipelineExecutionId === execution && one.status === "Stopping";
}

/** What config names and AWS does not have is told as such. */
export async function asked<T>({ name, stack }: Pipeline, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isNamed(error, "PipelineNotFoundException")) throw error;
    throw new DeliveryError(
      `${stack} has a pipeline in config, and AWS has no ${name}: make it with pulumi up --stack ${stack}. Nothing was done.`,
      [],
      { cause: error },
    );
  }
}
