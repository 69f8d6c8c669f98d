import {
  PutApprovalResultCommand,
  type ActionExecutionDetail,
  type StageState,
} from "@aws-sdk/client-codepipeline";
import { counted } from "../../contract/counted";
import { pipelinePage } from "../../contract/consolePages";
import { cutText } from "../../contract/plainText";
import { stages as named } from "../../contract/stages";
import { DeliveryError, isNamed } from "../../delivery/errors";
import { summaryLines } from "../../delivery/evidence";
import { clockText, sinceText, type Reader } from "../../delivery/facts/times";
import type { Target } from "../../delivery/target";
import {
  actionsOf,
  asked,
  executionsOf,
  exportedBy,
  placeOf,
  stagesOf,
  waitsForAnswer,
  type Pipeline,
} from "./pipeline";

/** `PutApprovalResult` takes no longer summary (CodePipeline API reference). */
const longestSummary = 512;

/** An approval that waits for somebody's answer. */
export interface Waiting {
  readonly stage: string;
  readonly action: string;
  /** Of this very question: CodePipeline refuses it for another one. */
  readonly token: string;
  readonly execution: string;
  /** Id of the release. Absent where the pipeline does not say. */
  readonly release?: string;
  /** ISO 8601, UTC. Absent where the pipeline does not say. */
  readonly since?: string;
  /** The evidence, as the pipeline shows it. Absent where there is none. */
  readonly summary?: string;
  /** Where the commits can be looked at. */
  readonly commits?: string;
}

/** What people are asked by a pipeline at the moment, with the evidence. */
export async function waitingApprovals(pipeline: Pipeline): Promise<readonly Waiting[]> {
  const open = (await stagesOf(pipeline)).flatMap(openQuestions);
  return Promise.all(
    open.map(async ({ since, ...waiting }) => {
      const actions = await actionsOf(pipeline, waiting.execution);
      const begun = since ?? startOf(actions, waiting);
      const release = exportedBy(actions, "releaseId");
      const summary = exportedBy(actions, "summary");
      const commits = exportedBy(actions, "link");
      return {
        ...waiting,
        ...(release === undefined ? {} : { release }),
        ...(begun === undefined ? {} : { since: begun.toISOString() }),
        ...(summary === undefined ? {} : { summary }),
        ...(commits === undefined ? {} : { commits }),
      };
    }),
  );
}

function openQuestions({ stageName = "", latestExecution, actionStates = [] }: StageState) {
  return actionStates.flatMap(({ actionName = "", latestExecution: run }) =>
    waitsForAnswer(run)
      ? [
          {
            ...{ stage: stageName, action: actionName, token: run.token },
            execution: latestExecution?.pipelineExecutionId ?? "",
            since: run.lastStatusChange,
          },
        ]
      : [],
  );
}

function startOf(
  actions: readonly ActionExecutionDetail[],
  { stage, action }: Pick<Waiting, "stage" | "action">,
): Date | undefined {
  return actions.find(({ stageName, actionName }) => stageName === stage && actionName === action)
    ?.startTime;
}

/**
 * The one that is to be answered.
 * @param release the id of its release. Default: whatever waits.
 * @throws DeliveryError where nothing waits, saying what runs; where another release does, or several do.
 */
export async function waitingFor(pipeline: Pipeline, release?: string): Promise<Waiting> {
  const open = await waitingApprovals(pipeline);
  const meant = open.filter((one) => release === undefined || one.release === release);
  if (meant.length === 1) return meant[0];
  const { name, stack } = pipeline;
  const lines = open.map(
    ({ release: id = "a release that is not known", stage, since }) =>
      `${id}  in ${stage}${since ? `  since ${since}` : ""}`,
  );
  if (meant.length > 1) {
    throw new DeliveryError(
      `${counted(meant.length, "approval")} wait in ${name}. Nothing was done. Say which release is meant:`,
      lines,
    );
  }
  if (open.length > 0) {
    throw new DeliveryError(
      `release ${release} does not wait for an approval in ${name}. Nothing was done. What waits:`,
      lines,
    );
  }
  throw new DeliveryError(
    `nothing waits for an approval in ${name}. Nothing was done. See gantry status --stack ${stack}; what the pipeline does:`,
    await underWay(pipeline),
  );
}

/** What a pipeline is at, newest first: a line for each execution that has not ended, or what came of the newest. */
async function underWay(pipeline: Pipeline): Promise<string[]> {
  const [executions, stages] = await Promise.all([executionsOf(pipeline), stagesOf(pipeline)]);
  const open = executions.filter(({ status }) => status === "InProgress" || status === "Stopping");
  const newest = executions.at(0);
  if (open.length > 0) {
    return open.map(({ pipelineExecutionId: id = "", status }) => {
      const place = placeOf(stages, id);
      const where = place
        ? `, ${place.isBefore ? "waits for" : "in"} the stage ${place.stage}`
        : "";
      return `execution ${id}: ${status === "Stopping" ? "is being stopped" : "runs"}${where}`;
    });
  }
  if (!newest) return ["nothing: it has not run yet"];
  return [
    `nothing: its newest execution, ${newest.pipelineExecutionId}, ended as ${newest.status}` +
      (newest.lastUpdateTime ? ` at ${newest.lastUpdateTime.toISOString()}` : ""),
  ];
}

/** Who is told that a release waits, as config says it. */
export function whoIsAsked({ notify }: Target["config"]): string | undefined {
  if (!notify?.kinds.includes("waitsForApproval")) return undefined;
  const { emails, slack, teams } = notify;
  const told = [
    ...emails,
    ...(slack ? [`Slack ${slack.channelId}`] : []),
    ...(teams ? ["a channel of Teams"] : []),
  ];
  return told.length > 0 ? told.join(", ") : undefined;
}

export type Answer = "Approved" | "Rejected";

/** What a person reads before they answer: which release, the evidence, and what the answer will do. */
export function questionLines(
  { region, name, stack }: Pipeline,
  waiting: Waiting,
  {
    answer,
    asked,
    reader,
  }: { readonly answer: Answer; readonly asked?: string; readonly reader: Reader },
): string[] {
  const { release = "a release that the pipeline does not name", stage, since, summary } = waiting;
  const evidence = summary === undefined ? ["No evidence is known."] : summaryLines(summary);
  return [
    `${release} waits for an approval on ${stack}, in the stage ${stage}${since ? ` since ${sinceText(since, reader)}` : ""}.`,
    ...(asked === undefined ? [] : [`Asked: ${asked}`]),
    "",
    ...evidence.map((line) => `  ${line}`),
    "",
    ...(waiting.commits ? [`The commits: ${waiting.commits}`] : []),
    `The pipeline: ${pipelinePage(region, name, waiting.execution)}`,
    "",
    consequence(waiting, answer, stack),
  ];
}

function consequence({ stage, release = "it" }: Waiting, answer: Answer, stack: string): string {
  const isDeployed = stage === named.confirm;
  if (answer === "Approved") {
    return isDeployed
      ? `Approve: requests go over to the new tasks of ${release}, which were verified.`
      : `Approve: ${release} is deployed to ${stack} next, and verified.`;
  }
  return isDeployed
    ? `Reject: ${release} is taken back, and what serves goes on.`
    : `Reject: ${release} is not deployed, and what runs goes on. Its stage can be retried: gantry retry --stack ${stack}`;
}

/**
 * Answers one.
 * @param by who, for people: the keys that sign the call may be of many.
 * @param reason default: none is noted.
 * @throws DeliveryError where somebody else has answered it, or a newer release has taken its place.
 */
export async function answer(
  pipeline: Pipeline,
  { stage, action, token, release = "it" }: Waiting,
  { answer: status, by, reason }: { answer: Answer; by: string; reason?: string },
): Promise<void> {
  const verb = status === "Approved" ? "approved" : "rejected";
  const signed = `${verb} by ${by}`;
  // Who did it stays, however much they have to say.
  const why = reason ? `: ${cutText(reason, longestSummary - signed.length - 2)}` : "";
  try {
    await asked(pipeline, () =>
      pipeline.codepipeline.send(
        new PutApprovalResultCommand({
          ...{ pipelineName: pipeline.name, stageName: stage, actionName: action, token },
          result: { status, summary: cutText(signed + why, longestSummary) },
        }),
      ),
    );
  } catch (error) {
    const { stack } = pipeline;
    if (isNamed(error, "ApprovalAlreadyCompletedException")) {
      throw new DeliveryError(
        `somebody has answered for ${release} meanwhile, so your answer does not count. Who did: gantry audit --stack ${stack}`,
        [],
        { cause: error },
      );
    }
    if (isNamed(error, "InvalidApprovalTokenException")) {
      throw new DeliveryError(
        `${release} was not ${verb}: it is not asked about any more. A newer release has taken its place, its execution was ` +
          `stopped, or its time was over. Nothing was done. Run the same again: it shows what waits now.`,
        [],
        { cause: error },
      );
    }
    throw error;
  }
}

/** `approved: 3f9c2a1b-17` */
export function answeredText(
  { release = "the release", stage }: Waiting,
  given: Answer,
  reader: Reader,
  stack: string,
): string {
  const at = clockText(reader.now.toISOString(), reader);
  const what = given === "Approved" ? "approved" : "rejected";
  return `${what}: ${release}, in the stage ${stage} of ${stack}, at ${at}`;
}
