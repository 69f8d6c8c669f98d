import {
  StopPipelineExecutionCommand,
  type PipelineExecutionSummary,
  type StageState,
} from "@aws-sdk/client-codepipeline";
import { counted } from "../../contract/counted";
import { cutText } from "../../contract/plainText";
import { stages as named } from "../../contract/stages";
import { DeliveryError, isNamed } from "../../delivery/errors";
import type { DeploymentRecord, LedgerView } from "../../delivery/ledger";
import {
  actionsOf,
  asked,
  executionLine,
  executionMeant,
  executionsOf,
  exportedBy,
  placeOf,
  stagesOf,
  waitsForAnswer,
  type Pipeline,
  type Place,
} from "./pipeline";

/** `StopPipelineExecution` takes no longer reason (CodePipeline API reference). */
const longestReason = 200;

/** An execution that can be stopped. */
export interface Stoppable {
  readonly execution: string;
  /** Whether somebody has stopped it already, and CodePipeline waits for what runs. */
  readonly isStopping: boolean;
  /** Absent between two stages. */
  readonly place?: Place;
  /** Id of the release. Absent where the execution has not come to one. */
  readonly release?: string;
  /** Names of the actions that run now; an approval that waits is none. */
  readonly running: readonly string[];
  /** Its deployment. Absent where it has begun none. */
  readonly deployment?: Pick<DeploymentRecord, "number" | "status">;
  /** Whether it has the environment's lock. */
  readonly isLocked: boolean;
}

/**
 * The execution that is to be stopped.
 * @param given its id, or how that begins. Default: the only one that runs.
 * @param view of the ledger.
 * @throws DeliveryError where none runs, or several do.
 */
export async function stoppable(
  pipeline: Pipeline,
  { records, lock }: Pick<LedgerView, "records" | "lock">,
  given?: string,
): Promise<Stoppable> {
  const [executions, stages] = await Promise.all([executionsOf(pipeline), stagesOf(pipeline)]);
  const meant = runningMeant(pipeline, executions, given);
  const execution = meant.pipelineExecutionId ?? "";
  const actions = await actionsOf(pipeline, execution);
  const place = placeOf(stages, execution);
  const release = exportedBy(actions, "releaseId");
  const deployment = records.find(({ owner }) => owner === execution);
  return {
    ...{ execution, isStopping: meant.status === "Stopping", isLocked: lock?.owner === execution },
    ...(place ? { place } : {}),
    ...(release === undefined ? {} : { release }),
    ...(deployment ? { deployment } : {}),
    running: place && !place.isBefore ? runningIn(stages, place.stage) : [],
  };
}

function runningMeant(
  pipeline: Pipeline,
  executions: readonly PipelineExecutionSummary[],
  given: string | undefined,
): PipelineExecutionSummary {
  const isOpen = ({ status }: PipelineExecutionSummary) =>
    status === "InProgress" || status === "Stopping";
  const open = executions.filter(isOpen);
  if (given !== undefined) {
    const meant = executionMeant(pipeline, executions, given);
    if (isOpen(meant)) return meant;
    throw new DeliveryError(
      `execution ${meant.pipelineExecutionId} has ended as ${meant.status}: there is nothing to stop. Nothing was done.`,
    );
  }
  if (open.length === 1) return open[0];
  const { name } = pipeline;
  throw open.length === 0
    ? new DeliveryError(`nothing runs in ${name}: there is nothing to stop. Nothing was done.`)
    : new DeliveryError(
        `${counted(open.length, "execution")} of ${name} run. Nothing was done. Say which is meant:`,
        open.map(executionLine),
      );
}

/** Actions of a stage that run, without approvals that wait. */
function runningIn(stages: readonly StageState[], stage: string): string[] {
  const { actionStates = [] } = stages.find(({ stageName }) => stageName === stage) ?? {};
  return actionStates.flatMap(({ actionName = "", latestExecution }) =>
    latestExecution?.status === "InProgress" && !waitsForAnswer(latestExecution)
      ? [actionName]
      : [],
  );
}

/**
 * Whether CodePipeline need not wait for what runs: nothing does. An approval that waits would keep it stopping until somebody
 * answers.
 */
function isIdle({ place, running, deployment }: Stoppable): boolean {
  return running.length === 0 && !deployment && (place?.isBefore || place?.stage === named.approve);
}

/**
 * @throws DeliveryError where what it deployed waits for an approval: stopped, it would wait on, and keep the lock, and nobody could
 * answer any more.
 */
export function requireStoppable({ stack }: Pipeline, found: Stoppable, abandon: boolean): void {
  const { place, release = "its release", execution, running, isStopping } = found;
  if (isStopping && !abandon) {
    throw new DeliveryError(
      `execution ${execution} is being stopped already, and waits for what runs${running.length > 0 ? ` (${running.join(", ")})` : ""}. ` +
        "Nothing was done. Not to wait for it: --abandon",
    );
  }
  if (abandon || place?.stage !== named.confirm || place.isBefore || running.length > 0) return;
  throw new DeliveryError(
    `${release} was deployed and verified, and waits for an approval. Stopped, its new tasks would wait on and keep ${stack} locked. ` +
      `Nothing was done. Take it back: gantry reject --stack ${stack}; where nobody is asked any more: gantry rollback --stack ${stack}`,
  );
}

/** What a person reads before it is stopped: where it is, and what that does to what it deploys. */
export function cancelLines(
  { name, stack }: Pipeline,
  found: Stoppable,
  abandon: boolean,
): string[] {
  const { execution, place, release, running, deployment, isLocked } = found;
  const where = place
    ? `${place.isBefore ? "waits for" : "is in"} the stage ${place.stage}`
    : "is between two stages";
  const doing = running.length > 0 ? `; ${running.join(", ")} runs` : "";
  const lines = [
    `Execution ${execution} of ${name}${release === undefined ? "" : `, release ${release},`} ${where}${doing}.`,
  ];
  if (isIdle(found)) return [...lines, "It ends at once, and deploys nothing."];
  lines.push(
    abandon
      ? "CodePipeline does not wait for what runs: a build that has begun goes on by itself, and nobody looks at what comes of it."
      : "What runs is finished first, and nothing more begins after it. That may take minutes.",
  );
  if (!deployment) return [...lines, "It has deployed nothing."];
  const { number, status } = deployment;
  if (status === "verified" || status === "failed") {
    return [
      ...lines,
      `Its deployment ${number} has ended (${status}), which changes nothing there.`,
    ];
  }
  const lock = isLocked
    ? ` Its lock stays until ${status === "held" ? "somebody takes it back" : "its build has ended"}.`
    : "";
  return [
    ...lines,
    `Its deployment ${number} (${status}) is then neither verified nor concluded.${lock}`,
    `  how it is: gantry status --stack ${stack}; what ran before is put back by gantry rollback --stack ${stack}; ` +
      `a lock whose build is dead is cleared by gantry unlock --stack ${stack}`,
  ];
}

/**
 * Stops it.
 * @param by who, for people.
 * @param reason default: none is noted.
 * @throws DeliveryError where it has ended meanwhile.
 */
export async function cancel(
  pipeline: Pipeline,
  found: Stoppable,
  {
    abandon,
    by,
    reason,
  }: { readonly abandon: boolean; readonly by: string; readonly reason?: string },
): Promise<void> {
  const { execution } = found;
  try {
    await asked(pipeline, () =>
      pipeline.codepipeline.send(
        new StopPipelineExecutionCommand({
          ...{ pipelineName: pipeline.name, pipelineExecutionId: execution },
          abandon: abandon || isIdle(found),
          reason: cutText(`stopped by ${by}${reason ? `: ${reason}` : ""}`, longestReason),
        }),
      ),
    );
  } catch (error) {
    if (isNamed(error, "PipelineExecutionNotStoppableException")) {
      throw new DeliveryError(
        `execution ${execution} has ended meanwhile: there is nothing to stop any more. See gantry status --stack ${pipeline.stack}`,
        [],
        { cause: error },
      );
    }
    if (isNamed(error, "DuplicatedStopRequestException")) {
      throw new DeliveryError(
        `somebody has stopped execution ${execution} in this moment, and CodePipeline waits for what runs. Not to wait: --abandon`,
        [],
        { cause: error },
      );
    }
    throw error;
  }
}
