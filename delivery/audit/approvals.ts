import {
  ListActionExecutionsCommand,
  type ActionExecutionDetail,
  type CodePipelineClient,
} from "@aws-sdk/client-codepipeline";
import { detailOf, isWithin, type AuditEntry, type Period } from "./entries";

/** How long CodePipeline keeps executions ("ListActionExecutions", CodePipeline API reference: the past 12 months). */
export const keptDays = 365;

/** What people were asked by a pipeline, and what they answered, a call for a hundred actions. */
export async function approvalEntries(
  codepipeline: Pick<CodePipelineClient, "send">,
  pipelineName: string,
  period: Period,
): Promise<AuditEntry[]> {
  const found: ActionExecutionDetail[] = [];
  let nextToken: string | undefined;
  do {
    const page = await codepipeline.send(
      new ListActionExecutionsCommand({ pipelineName, maxResults: 100, nextToken }),
    );
    const actions = page.actionExecutionDetails ?? [];
    found.push(...actions.filter((one) => one.input?.actionTypeId?.category === "Approval"));
    // Newest first: whoever has waited longer than a page is among those that were read.
    const isOlder =
      actions.length > 0 && actions.every(({ startTime }) => isBefore(startTime, period));
    nextToken = isOlder ? undefined : page.nextToken;
  } while (nextToken);
  return found.map(entryOf).filter(({ at }) => isWithin(at, period));
}

function isBefore(time: Date | undefined, { since }: Period): boolean {
  return time !== undefined && time.getTime() < since.getTime();
}

const answers: Readonly<Record<string, string>> = {
  Succeeded: "approved",
  Failed: "rejected, or not answered in time",
  InProgress: "waits for an answer",
  Abandoned: "not asked any more: the execution was stopped",
};

function entryOf(action: ActionExecutionDetail): AuditEntry {
  const {
    stageName = "",
    actionName = "",
    status = "",
    updatedBy,
    startTime,
    lastUpdateTime,
  } = action;
  const at = status === "InProgress" ? startTime : (lastUpdateTime ?? startTime);
  return {
    ...{ at: (at ?? new Date(0)).toISOString(), kind: "approval" },
    what: `${stageName}/${actionName}: ${answers[status] ?? status}`,
    ...(updatedBy && status !== "InProgress" ? { who: updatedBy } : {}),
    ...detailOf(action.output?.executionResult?.externalExecutionSummary),
    ...{ source: "CodePipeline", id: action.pipelineExecutionId ?? "" },
  };
}
