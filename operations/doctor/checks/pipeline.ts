import {
  GetPipelineStateCommand,
  type ActionState,
  type StageState,
} from "@aws-sdk/client-codepipeline";
import { pipelinePage } from "../../../contract/consolePages";
import { counted } from "../../../contract/counted";
import { isNamed } from "../../../delivery/errors";
import { ageOf, retryCommand } from "../../../delivery/ledger/refusals";
import type { Target } from "../../../delivery/target";
import { waitsForAnswer } from "../../pipeline/pipeline";
import type { Check, Finding } from "../check";

/** Whether the pipeline takes releases on: stages that somebody closed or that failed, people who have not answered. */
export const pipelineCheck: Check = {
  name: "pipeline",
  title: "the pipeline",
  rights: ["codepipeline:GetPipelineState"],
  run: async ({ target, clients, now }) => {
    const { names, config, stack } = target;
    if (!config.pipeline) return { well: "none is configured" };
    try {
      const { stageStates = [] } = await clients.codepipeline.send(
        new GetPipelineStateCommand({ name: names.pipeline }),
      );
      return {
        well: `${counted(stageStates.length, "stage")}, all open, and none failed last`,
        findings: stageStates.flatMap((stage) => stageFindings(target, stage, now)),
      };
    } catch (error) {
      if (!isNamed(error, "PipelineNotFoundException")) throw error;
      const missing: Finding = {
        severity: "error",
        where: "pipeline",
        what: `there is no pipeline ${names.pipeline}`,
        fix: "make it",
        command: `pulumi refresh --stack ${stack} && pulumi up --stack ${stack}`,
      };
      return { well: "", findings: [missing] };
    }
  },
};

/** Hours after which a question that nobody has answered is told. */
const patienceHours = 24;

/** What is wrong with a stage of a pipeline. */
export function stageFindings(
  { names: { pipeline }, region, stack }: Pick<Target, "names" | "region" | "stack">,
  { stageName = "", inboundTransitionState, latestExecution, actionStates = [] }: StageState,
  now: Date,
): Finding[] {
  const findings: Finding[] = [];
  const where = `${pipeline}, stage ${stageName}`;
  const page = pipelinePage(region, pipeline, latestExecution?.pipelineExecutionId);
  if (inboundTransitionState?.enabled === false) {
    const {
      disabledReason = "no reason given",
      lastChangedBy,
      lastChangedAt,
    } = inboundTransitionState;
    const by = lastChangedBy ? ` by ${lastChangedBy}` : "";
    findings.push({
      severity: "warning",
      where,
      what: `nothing gets into it: its transition was disabled${by}${agoText(lastChangedAt, now)}: ${disabledReason}`,
      fix: "once releases may come again",
      command: `aws codepipeline enable-stage-transition --region ${region} --pipeline-name ${pipeline} --stage-name ${stageName} --transition-type Inbound`,
    });
  }
  if (latestExecution?.status === "Failed") {
    const failed = actionStates.filter((action) => action.latestExecution?.status === "Failed");
    findings.push({
      severity: "error",
      where,
      what: `it failed last${failed.map(failureText).join("")}`,
      fix: `see its log, mend the cause, and retry the stage: ${page}`,
      command: retryCommand(stack, latestExecution.pipelineExecutionId),
    });
  }
  for (const { actionName, latestExecution: action } of actionStates) {
    if (!waitsForAnswer(action)) continue;
    const hours = (now.getTime() - (action.lastStatusChange ?? now).getTime()) / 3_600_000;
    findings.push({
      severity: hours > patienceHours ? "warning" : "note",
      where,
      what: `${actionName} waits for somebody's answer${agoText(action.lastStatusChange, now)}`,
      fix: `approve it, or reject it by gantry reject: ${page}`,
      command: `gantry approve --stack ${stack}`,
    });
  }
  return findings;
}

function failureText({ actionName, latestExecution: { errorDetails } = {} }: ActionState): string {
  return ` at ${actionName}${errorDetails?.message ? ` (${errorDetails.message})` : ""}`;
}

function agoText(at: Date | undefined, now: Date): string {
  return at === undefined ? "" : `, ${ageOf(at.toISOString(), now)}`;
}
