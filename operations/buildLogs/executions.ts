import {
  ListPipelineExecutionsCommand,
  type ActionExecutionDetail,
  type CodePipelineClient,
  type PipelineExecutionSummary,
} from "@aws-sdk/client-codepipeline";
import { sourceAction } from "../../contract/stages";
import { DeliveryError, isNamed } from "../../delivery/errors";
import type { LogPlace } from "../../delivery/explain/logs";
import { actionsOf as executionActions } from "../../delivery/pipelineExecution";
import type { Target } from "../../delivery/target";
import { meantHint } from "../../stacks/config/nearest";
import { withoutSecrets } from "../../stacks/config/secretValues";

/** A run of an action: one that was tried again has several. Times are ISO 8601, UTC. */
export interface ActionFacts {
  readonly stage: string;
  readonly action: string;
  /** As CodePipeline has it: `InProgress`, `Succeeded`, `Failed`, `Abandoned`. */
  readonly status: string;
  readonly startedAt?: string;
  /** Until its end, or until now. */
  readonly seconds?: number;
  /** What CodePipeline says of its end. */
  readonly summary?: string;
  /** Where its build logs. Absent where CodeBuild does not run it, or has not begun. */
  readonly log?: LogPlace;
}

/** An execution of the environment's pipeline. */
export interface ExecutionFacts {
  readonly id: string;
  readonly status: string;
  readonly startedAt?: string;
  /** Commit or version of what it was started with. */
  readonly revision?: string;
  /** In the order in which they began. */
  readonly actions: readonly ActionFacts[];
}

export interface ExecutionsOptions {
  readonly codepipeline: Pick<CodePipelineClient, "send">;
  readonly target: Pick<Target, "names" | "stack">;
  readonly now: Date;
}

/** What an action that has ended is told by. */
const running = "InProgress";

/**
 * An execution, with what its actions came to.
 * @param given an id, a commit, or the beginning of either. Default: the newest.
 * @throws DeliveryError where there is none, or no pipeline.
 */
export async function findExecution(
  options: ExecutionsOptions,
  given?: string,
): Promise<ExecutionFacts> {
  const seen: PipelineExecutionSummary[] = [];
  for await (const page of executionPages(options)) {
    seen.push(...page);
    const found = page.find((one) => given === undefined || isMeant(one, given));
    if (found) return factsOf(found, await actionsOf(options, found.pipelineExecutionId ?? ""));
  }
  const { names, stack } = options.target;
  if (seen.length === 0) throw new DeliveryError(`the pipeline ${names.pipeline} has not run yet`);
  throw new DeliveryError(
    `no execution of the pipeline of ${stack}, and no commit in one, begins with ${given}. The newest are:`,
    seen.slice(0, 5).map((one) => {
      const { pipelineExecutionId, status, startTime } = one;
      return `${pipelineExecutionId}  ${revisionOf(one) ?? "-"}  ${status}  ${startTime?.toISOString()}`;
    }),
  );
}

async function* executionPages({
  codepipeline,
  target,
}: ExecutionsOptions): AsyncGenerator<readonly PipelineExecutionSummary[]> {
  const { names, stack } = target;
  let nextToken: string | undefined;
  do {
    const page = await codepipeline
      .send(new ListPipelineExecutionsCommand({ pipelineName: names.pipeline, nextToken }))
      .catch((error: unknown) => {
        if (!isNamed(error, "PipelineNotFoundException")) throw error;
        throw new DeliveryError(
          `${stack} has no pipeline ${names.pipeline}: pulumi up --stack ${stack} makes it, where config has gantry:pipeline`,
        );
      });
    yield page.pipelineExecutionSummaries ?? [];
    nextToken = page.nextToken;
  } while (nextToken);
}

function isMeant(
  { pipelineExecutionId, sourceRevisions = [] }: PipelineExecutionSummary,
  given: string,
) {
  const ids = [pipelineExecutionId, ...sourceRevisions.map(({ revisionId }) => revisionId)];
  return ids.some((id) => id?.startsWith(given));
}

function revisionOf({ sourceRevisions = [] }: PipelineExecutionSummary): string | undefined {
  return sourceRevisions.find(({ actionName }) => actionName === sourceAction)?.revisionId;
}

function factsOf(found: PipelineExecutionSummary, actions: readonly ActionFacts[]): ExecutionFacts {
  const { pipelineExecutionId: id = "", status, startTime } = found;
  return {
    id,
    status: status ?? "",
    startedAt: startTime?.toISOString(),
    revision: revisionOf(found),
    actions,
  };
}

/** The actions of an execution as they are now, in the order in which they began. */
export async function actionsOf(
  { codepipeline, target, now }: ExecutionsOptions,
  id: string,
): Promise<ActionFacts[]> {
  const found = await executionActions({ codepipeline, pipeline: target.names.pipeline, id });
  // Newest first: what began at the same time is turned, too.
  return found
    .reverse()
    .sort((a, b) => (a.startTime?.getTime() ?? 0) - (b.startTime?.getTime() ?? 0))
    .map((detail) => actionFacts(detail, target, now));
}

function actionFacts(
  {
    stageName = "",
    actionName = "",
    status,
    startTime,
    lastUpdateTime,
    output,
  }: ActionExecutionDetail,
  target: ExecutionsOptions["target"],
  now: Date,
): ActionFacts {
  const {
    externalExecutionId = "",
    externalExecutionSummary,
    errorDetails,
  } = output?.executionResult ?? {};
  const end = status === running ? now : (lastUpdateTime ?? now);
  const summary = errorDetails?.message ?? externalExecutionSummary;
  const log = placeOf(externalExecutionId, target);
  return {
    ...{ stage: stageName, action: actionName, status: status ?? "" },
    startedAt: startTime?.toISOString(),
    seconds: startTime && Math.round((end.getTime() - startTime.getTime()) / 1000),
    ...(summary ? { summary: withoutSecrets(summary) } : {}),
    ...(log ? { log } : {}),
  };
}

/** A build's id is its project's name and a UUID, which its stream is called by. Projects of the environment log to groups of their names. */
function placeOf(buildId: string, { names }: ExecutionsOptions["target"]): LogPlace | undefined {
  const [project, logStreamName] = buildId.split(":");
  if (!logStreamName || !project.startsWith(names.action(""))) return undefined;
  return { logGroupName: `/aws/codebuild/${project}`, logStreamName };
}

/**
 * The action whose log a person wants to see.
 * @param given its name. Default: the newest that failed, or else that is in progress.
 * @returns undefined where none is meant.
 * @throws DeliveryError where there is none of the name, or it has no log.
 */
export function actionMeant(
  { id, actions }: ExecutionFacts,
  given?: string,
): ActionFacts | undefined {
  if (given === undefined) {
    const newest = (status: string) => actions.findLast((one) => one.log && one.status === status);
    return newest("Failed") ?? newest(running);
  }
  const found = actions.findLast(({ action }) => action === given);
  const names = [...new Set(actions.map(({ action }) => action))];
  if (!found) {
    throw new DeliveryError(
      `execution ${id} has run no action ${given}: it has run ${names.join(", ") || "none"}.${meantHint(given, names, " ")}`,
    );
  }
  if (!found.log) {
    throw new DeliveryError(`${given} has no log: CodeBuild does not run it, or has not begun`);
  }
  return found;
}

/** Whether an action goes on, so that its log does, too. */
export function isRunning({ status }: Pick<ActionFacts, "status">): boolean {
  return status === running;
}
