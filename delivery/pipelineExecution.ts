import {
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
  StopPipelineExecutionCommand,
  type ActionExecutionDetail,
  type CodePipelineClient,
} from "@aws-sdk/client-codepipeline";
import { approvalAction, stages } from "../contract/stages";
import { DeliveryError, isNamed, messageOf } from "./errors";
import type { Log } from "./progress";

/** The execution of a pipeline that something is a part of. */
export interface PipelineExecution {
  readonly codepipeline: Pick<CodePipelineClient, "send">;
  readonly pipeline: string;
  readonly id: string;
}

/** Where an execution is once what it deployed was verified, and people are asked. */
const behindDeploy: readonly string[] = [stages.confirm, stages.conclude];

/** What CodePipeline answers of an execution that ended or is about to. */
const alreadyOver = ["PipelineExecutionNotStoppableException", "DuplicatedStopRequestException"];

/**
 * Stops the executions that wait for an approval, or for their turn to ask for one: a queue would otherwise hold back what
 * is newer for as long as nobody answers. To be called from before the approval: whatever is there has come earlier.
 * An execution that was approved is left alone: deploying, it would be broken off in the middle.
 * @param release id of the newer release, for whoever looks at what was stopped.
 * @returns the ids of what was stopped.
 */
export async function supersedeWaiting(
  { codepipeline, pipeline, id }: PipelineExecution,
  release: string,
  note: Log,
): Promise<readonly string[]> {
  const stopped: string[] = [];
  try {
    for (const waiting of await waitingForApproval(codepipeline, pipeline)) {
      if (waiting === id) continue;
      if (await stop(codepipeline, pipeline, waiting, release, note)) stopped.push(waiting);
    }
  } catch (error) {
    // The newer one then waits behind the older; nothing wrong can be deployed.
    note(`executions that wait for an approval cannot be stopped: ${messageOf(error)}`);
  }
  return stopped;
}

/** First those before the stage: the one in it makes room for the next when it is stopped, and people would be asked. */
async function waitingForApproval(
  codepipeline: PipelineExecution["codepipeline"],
  pipeline: string,
): Promise<string[]> {
  const { stageStates = [] } = await codepipeline.send(
    new GetPipelineStateCommand({ name: pipeline }),
  );
  const stage = stageStates.find(({ stageName }) => stageName === stages.approve);
  const before = stage?.inboundExecutions ?? [stage?.inboundExecution];
  return [...before, stage?.latestExecution].flatMap((execution) =>
    execution?.status === "InProgress" ? [execution.pipelineExecutionId ?? ""] : [],
  );
}

/** @returns whether it was stopped: it may have ended in the meantime. */
async function stop(
  codepipeline: PipelineExecution["codepipeline"],
  pipelineName: string,
  pipelineExecutionId: string,
  release: string,
  note: Log,
): Promise<boolean> {
  try {
    await codepipeline.send(
      new StopPipelineExecutionCommand({
        ...{ pipelineName, pipelineExecutionId },
        // An approval that waits would keep it stopping until somebody answers.
        abandon: true,
        reason: `superseded by release ${release}`,
      }),
    );
    note(
      `stopped execution ${pipelineExecutionId}, which waited for an approval: ${release} supersedes it`,
    );
    return true;
  } catch (error) {
    if (alreadyOver.some((name) => isNamed(error, name))) return false;
    throw error;
  }
}

/**
 * Refuses to go on with an execution that was stopped: approved at the moment in which a newer one stopped it, it runs on
 * here, and CodePipeline would neither verify nor conclude what it deploys.
 * @throws DeliveryError saying so.
 */
export async function refuseStopped(
  { codepipeline, pipeline, id }: PipelineExecution,
  release: string,
): Promise<void> {
  const { pipelineExecution: { status, statusSummary } = {} } = await codepipeline.send(
    new GetPipelineExecutionCommand({ pipelineName: pipeline, pipelineExecutionId: id }),
  );
  if (status !== "Stopped" && status !== "Stopping") return;
  throw new DeliveryError(
    `release ${release} is not deployed: execution ${id} was stopped${statusSummary ? ` (${statusSummary})` : ""}. ` +
      "Nothing was changed. Approve the newest release instead; it is in the pipeline already.",
  );
}

/**
 * Why people did not approve what an execution has deployed and verified: they refused it, or nobody answered in time. What was
 * refused once stays refused, also where the stage is begun again.
 * @returns undefined where nobody refused it, as before anybody is asked.
 */
export async function refusalOf(execution: PipelineExecution): Promise<string | undefined> {
  const refused = (await actionsOf(execution)).find(
    (action) => isApproval(action) && action.status === "Failed",
  );
  if (!refused) return undefined;
  const { updatedBy, output } = refused;
  const said = output?.executionResult?.externalExecutionSummary;
  const what = said ?? "it was rejected, or nobody answered in time";
  return updatedBy ? `${what} (${updatedBy})` : what;
}

/**
 * Whether an execution has deployed something that nobody has approved yet, so that a newer release may take its place.
 * @param id of the other execution; of what is none of the pipeline's, such as a person's own run, nobody is asked.
 * @returns false where that cannot be found out.
 */
export async function isUnapproved(
  execution: PipelineExecution,
  id: string,
  note: Log,
): Promise<boolean> {
  try {
    const actions = await actionsOf({ ...execution, id });
    return (
      actions.length > 0 &&
      !actions.some((action) => isApproval(action) && action.status === "Succeeded")
    );
  } catch (error) {
    note(`whether ${id} waits for an approval cannot be found out: ${messageOf(error)}`);
    return false;
  }
}

/**
 * Whether an execution is about to conclude what people have approved, or is at work after its verification: its end is near then,
 * whatever it is. Not so where what concludes was cut off, and waits for a person.
 * @returns false where that cannot be found out.
 */
export async function isConcluding(execution: PipelineExecution, id: string): Promise<boolean> {
  try {
    const actions = await actionsOf({ ...execution, id });
    const behind = actions.filter(({ stageName = "" }) => behindDeploy.includes(stageName));
    return (
      behind.some((action) => action.status === "InProgress" && !isApproval(action)) ||
      (behind.some((action) => action.status === "Succeeded" && isApproval(action)) &&
        !behind.some(({ stageName }) => stageName === stages.conclude))
    );
  } catch {
    return false;
  }
}

/** Ends the question to people, where an execution asks one about what a newer release has taken the place of. */
export async function stopSuperseded(
  { codepipeline, pipeline }: PipelineExecution,
  id: string,
  release: string,
  note: Log,
): Promise<void> {
  try {
    await stop(codepipeline, pipeline, id, release, note);
  } catch (error) {
    // Whoever approves it is told that it is over.
    note(`execution ${id} cannot be stopped, and must not be approved: ${messageOf(error)}`);
  }
}

/** What ran of an execution, newest first: one that was tried again has several runs of an action. */
export async function actionsOf({
  codepipeline,
  pipeline: pipelineName,
  id: pipelineExecutionId,
}: PipelineExecution): Promise<ActionExecutionDetail[]> {
  const found: ActionExecutionDetail[] = [];
  let nextToken: string | undefined;
  do {
    const page = await codepipeline.send(
      new ListActionExecutionsCommand({
        ...{ pipelineName, filter: { pipelineExecutionId } },
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    found.push(...(page.actionExecutionDetails ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return found;
}

function isApproval({ stageName, actionName }: ActionExecutionDetail): boolean {
  return stageName === stages.confirm && actionName === approvalAction;
}

/** Whether a person is asked about what an execution has deployed and verified. False where that cannot be found out. */
export async function isAsked({ codepipeline, pipeline, id }: PipelineExecution): Promise<boolean> {
  try {
    const { stageStates = [] } = await codepipeline.send(
      new GetPipelineStateCommand({ name: pipeline }),
    );
    const stage = stageStates.find(({ stageName }) => stageName === stages.confirm);
    const approval = stage?.actionStates?.find(({ actionName }) => actionName === approvalAction);
    return (
      stage?.latestExecution?.pipelineExecutionId === id &&
      approval?.latestExecution?.status === "InProgress"
    );
  } catch {
    // Who may see what runs need not see the pipeline.
    return false;
  }
}
