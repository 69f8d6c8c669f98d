import {
  RetryStageExecutionCommand,
  type ActionExecutionDetail,
  type PipelineExecutionSummary,
  type StageRetryMode,
  type StageState,
} from "@aws-sdk/client-codepipeline";
import { pipelinePage } from "../../contract/consolePages";
import { approvalAction, stages as named } from "../../contract/stages";
import { DeliveryError, isNamed } from "../../delivery/errors";
import { sinceText, type Reader } from "../../delivery/facts/times";
import type { Standing } from "../../delivery/ledger";
import { refusedUntil } from "../../delivery/ledger/refusals";
import { withoutSecrets } from "../../stacks/config/secretValues";
import {
  actionsOf,
  asked,
  executionLine,
  executionMeant,
  executionsOf,
  exportedBy,
  stagesOf,
  type Pipeline,
} from "./pipeline";

/** An action that failed, or was abandoned as its execution was stopped. */
export interface FailedAction {
  readonly action: string;
  /** ISO 8601, UTC. Absent where the pipeline does not say. */
  readonly at?: string;
  /** What CodePipeline says of it. Absent where it says nothing. */
  readonly why?: string;
  /** Where its log is: a URL. */
  readonly log?: string;
}

/** A stage that failed or in which an execution was stopped, and that can be begun again. */
export interface Retryable {
  readonly execution: string;
  readonly stage: string;
  /** Who stopped it and why. Absent where it failed. */
  readonly stopped?: string;
  /** Id of the release. Absent where the execution came to none. */
  readonly release?: string;
  readonly failed: readonly FailedAction[];
  readonly mode: StageRetryMode;
}

/**
 * The stage in which an execution failed.
 * @param given id of the execution, or how that begins. Default: the newest.
 * @throws DeliveryError where it did not fail, or a newer one has come into that stage since.
 */
export async function retryable(pipeline: Pipeline, given?: string): Promise<Retryable> {
  const executions = await executionsOf(pipeline);
  const meant =
    given === undefined ? executions.at(0) : executionMeant(pipeline, executions, given);
  if (!meant || !canBeRetried(meant)) throw nothingToRetry(pipeline, executions, meant);
  const execution = meant.pipelineExecutionId ?? "";
  const [states, actions] = await Promise.all([stagesOf(pipeline), actionsOf(pipeline, execution)]);
  const stage = lastStage(states, actions, execution);
  if (stage === undefined) {
    throw new DeliveryError(
      `execution ${execution} is ${meant.status}, and no stage of ${pipeline.name} shows it any more: a newer one has come to where it ended, or the ` +
        `pipeline was changed. Nothing was done. Retry the newest instead, or have the pipeline take its release from the beginning: gantry deploy --stack ${pipeline.stack} <release>`,
    );
  }
  const ofStage = latestRuns(actions.filter(({ stageName }) => stageName === stage));
  const failed = ofStage.filter(({ status }) => status === "Failed" || status === "Abandoned");
  const release = exportedBy(actions, "releaseId");
  return {
    ...{ execution, stage, ...(release === undefined ? {} : { release }) },
    ...(meant.status === "Stopped"
      ? { stopped: withoutSecrets(stopReason(meant) ?? "nobody says why") }
      : {}),
    failed: failed.map(failedAction),
    mode: modeOf(stage, failed),
  };
}

function stopReason({ statusSummary, stopTrigger }: PipelineExecutionSummary): string | undefined {
  return statusSummary ?? stopTrigger?.reason;
}

/** CodePipeline begins the actions again of a stage that failed, or in which the execution was stopped. */
function canBeRetried({ status }: PipelineExecutionSummary): boolean {
  return status === "Failed" || status === "Stopped";
}

/**
 * What people refused stays refused, so that nobody is asked about it again: where it was not taken back after all, that is what
 * the first action of the stage does.
 */
function modeOf(stage: string, failed: readonly ActionExecutionDetail[]): StageRetryMode {
  const wasRefused = failed.some(({ actionName }) => actionName === approvalAction);
  return stage === named.confirm && wasRefused ? "ALL_ACTIONS" : "FAILED_ACTIONS";
}

/** Where it ended, if CodePipeline shows it there as the last that came. */
function lastStage(
  states: readonly StageState[],
  actions: readonly ActionExecutionDetail[],
  execution: string,
): string | undefined {
  const ended = actions.at(0)?.stageName;
  const last = states.findLast(
    ({ latestExecution }) => latestExecution?.pipelineExecutionId === execution,
  );
  return ended === undefined || last?.stageName === ended ? last?.stageName : undefined;
}

/** The last run of each action. @param actions newest first. */
function latestRuns(actions: readonly ActionExecutionDetail[]): ActionExecutionDetail[] {
  return actions.filter(
    ({ actionName }, index) =>
      actions.findIndex((other) => other.actionName === actionName) === index,
  );
}

function failedAction({
  actionName = "",
  lastUpdateTime,
  output,
}: ActionExecutionDetail): FailedAction {
  const { externalExecutionSummary, externalExecutionUrl, errorDetails } =
    output?.executionResult ?? {};
  const why = externalExecutionSummary ?? errorDetails?.message;
  return {
    action: actionName,
    ...(lastUpdateTime ? { at: lastUpdateTime.toISOString() } : {}),
    ...(why ? { why: withoutSecrets(why) } : {}),
    ...(externalExecutionUrl ? { log: externalExecutionUrl } : {}),
  };
}

function nothingToRetry(
  { name, stack }: Pipeline,
  executions: readonly PipelineExecutionSummary[],
  meant: PipelineExecutionSummary | undefined,
): DeliveryError {
  if (!meant) {
    return new DeliveryError(
      `${name} has not run yet: there is nothing to retry. Nothing was done.`,
    );
  }
  const { pipelineExecutionId: id, status = "", statusSummary } = meant;
  const next: Readonly<Record<string, string>> = {
    InProgress: `it runs: gantry build-logs --stack ${stack}`,
    Stopping: "it is being stopped",
    Succeeded: "it ended well",
    Superseded: "a newer one has taken its place",
    Cancelled: "it was cancelled",
  };
  const said = statusSummary ? ` (${withoutSecrets(statusSummary)})` : "";
  const others = executions.filter((one) => canBeRetried(one) && one.pipelineExecutionId !== id);
  return new DeliveryError(
    `execution ${id} of ${name} did not fail: ${next[status] ?? `it is ${status}`}${said}. Nothing was done.` +
      (others.length > 0 ? " Others did: name one of them, if that is meant:" : ""),
    others.slice(0, 5).map(executionLine),
  );
}

/** What a person reads before they have it tried again. */
export function retryLines(
  { name, region, stack }: Pipeline,
  { execution, stage, stopped, release, failed, mode }: Retryable,
  { reader, standing }: { readonly reader: Reader; readonly standing?: Standing },
): string[] {
  const what = release === undefined ? "" : `, release ${release},`;
  const again =
    mode === "ALL_ACTIONS"
      ? `All actions of the stage ${stage} run again: what was refused is taken back, and nobody is asked again.`
      : `What failed or was not done in the stage ${stage} runs again, and then what comes after.`;
  return [
    stopped === undefined
      ? `Execution ${execution} of ${name}${what} failed in the stage ${stage}:`
      : `Execution ${execution} of ${name}${what} was stopped in the stage ${stage}: ${stopped}`,
    ...failed.flatMap(({ action, at, why, log }) => [
      `  ${action}${at ? ` at ${sinceText(at, reader)}` : ""}: ${why ?? "CodePipeline says no more"}`,
      ...(log ? [`    ${log}`] : []),
    ]),
    `  why in full: gantry explain --stack ${stack}, or ${pipelinePage(region, name, execution)}`,
    ...(standing ? refusedUntil(stack, standing, reader.now) : []),
    again,
  ];
}

/** @throws DeliveryError where a newer execution has come into the stage meanwhile, or it is being tried again already. */
export async function retry(
  pipeline: Pipeline,
  { execution, stage, mode }: Retryable,
): Promise<void> {
  try {
    await asked(pipeline, () =>
      pipeline.codepipeline.send(
        new RetryStageExecutionCommand({
          ...{ pipelineName: pipeline.name, pipelineExecutionId: execution },
          ...{ stageName: stage, retryMode: mode },
        }),
      ),
    );
  } catch (error) {
    const why = refusals.find(([name]) => isNamed(error, name))?.[1];
    if (why === undefined) throw error;
    throw new DeliveryError(
      `the stage ${stage} of execution ${execution} is not tried again: ${why}. Nothing was done. See gantry status --stack ${pipeline.stack}`,
      [],
      { cause: error },
    );
  }
}

const refusals = [
  [
    "NotLatestPipelineExecutionException",
    "a newer execution has come into it since, and takes its place",
  ],
  [
    "StageNotRetryableException",
    "CodePipeline begins it no more, as where it runs again already, or the pipeline was changed since",
  ],
  ["StageNotFoundException", "the pipeline has it no more"],
  ["ConflictException", "the pipeline is being changed at this moment: try it again"],
  [
    "ConcurrentPipelineExecutionsLimitExceededException",
    "as many executions run as CodePipeline lets: wait for one to end",
  ],
] as const;
