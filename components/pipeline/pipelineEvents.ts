import * as pulumi from "@pulumi/pulumi";
import { consoleOf, runPage } from "../../contract/consolePages";
import type { Notification } from "../../contract/notification";
import { eventRule, type ToldEvent } from "../notifications/eventRule";
import type { Tags } from "../shared/tags";
import { approvalName } from "./actions";
import type { PipelineArgs, PipelineNotificationsArgs } from "./args";
import { deployStage, type PipelineArns } from "./arns";
import { tellsItself } from "./commands";
import { projectSpecs } from "./projects";

/** Whose commands tell what becomes of them: actions of the projects that are told the topic. */
const telling = ["Plan", "Prepare", "Deploy", "Settle", "Confirm", "Conclude"];

/** What comes before the commands of a build: there nothing of theirs could tell that it failed. */
const phasesBefore = [
  "SUBMITTED",
  "QUEUED",
  "PROVISIONING",
  "DOWNLOAD_SOURCE",
  "INSTALL",
  "PRE_BUILD",
];

/** Tells what the pipeline's own commands cannot: that one begins, other actions that failed, and commands that never ran or were cut off. */
export function pipelineEvents(
  name: string,
  args: PipelineArgs,
  arns: PipelineArns,
  { chatTopicArn, events = ["failed"], product, topicArn }: PipelineNotificationsArgs,
  parent: pulumi.Resource,
): void {
  const { pipelineName, stack, tags } = args;
  const topics = {
    topicArn: pulumi.output(topicArn),
    chatTopicArn: chatTopicArn === undefined ? undefined : pulumi.output(chatTopicArn),
  };
  const made: { parent: pulumi.Resource; tags?: Tags } = { parent, tags };
  const toldOf = (what: string, why: string | undefined, page: string) =>
    pulumi.output(arns.account.region).apply((region): Notification => ({
      ...{ kind: why === undefined ? "started" : "failed", product, stack, at: "<time>", what },
      ...(why === undefined ? {} : { why }),
      link: `${consoleOf(region)}/codesuite/${page}?region=${region}`,
    }));
  const actions = {
    part: "failure",
    description: "Tells of actions of the pipeline that failed and cannot tell it themselves",
    eventPattern: JSON.stringify({
      source: ["aws.codepipeline"],
      "detail-type": ["CodePipeline Action Execution State Change"],
      detail: {
        pipeline: [pipelineName],
        state: ["FAILED"],
        // An approval after the verification that is refused is told by what then takes the release back.
        action: [{ "anything-but": [...telling, ...(args.approval?.after ? [approvalName] : [])] }],
      },
    }),
    inputPaths: {
      action: "$.detail.action",
      execution: "$.detail.execution-id",
      summary: "$.detail.execution-result.external-execution-summary",
      time: "$.time",
    },
    told: toldOf(
      "the action <action> failed",
      "<summary>",
      `codepipeline/pipelines/${pipelineName}/executions/<execution>/timeline`,
    ),
  };
  const builds = {
    part: "cutOff",
    description: "Tells of commands that deliver, and never ran or were cut off",
    eventPattern: JSON.stringify({
      source: ["aws.codebuild"],
      "detail-type": ["CodeBuild Build Phase Change"],
      detail: {
        "project-name": projectSpecs(args)
          .filter(({ kind }) => tellsItself(kind))
          .map(({ action }) => args.actionName(action)),
        $or: [
          {
            "completed-phase": phasesBefore,
            "completed-phase-status": ["CLIENT_ERROR", "FAILED", "FAULT", "TIMED_OUT"],
          },
          // What a command has to say of its own failure, it has said.
          { "completed-phase": ["BUILD"], "completed-phase-status": ["FAULT", "TIMED_OUT"] },
        ],
      },
    }),
    inputPaths: {
      project: "$.detail.project-name",
      phase: "$.detail.completed-phase",
      status: "$.detail.completed-phase-status",
      time: "$.time",
    },
    told: toldOf(
      "<project> was cut off",
      "its phase <phase> ended with <status>",
      `codepipeline/pipelines/${pipelineName}/view`,
    ),
  };
  const deployments = {
    part: "started",
    description: "Tells of deployments that begin",
    eventPattern: JSON.stringify({
      source: ["aws.codepipeline"],
      "detail-type": ["CodePipeline Stage Execution State Change"],
      detail: { pipeline: [pipelineName], stage: [deployStage], state: ["STARTED"] },
    }),
    inputPaths: { execution: "$.detail.execution-id", time: "$.time" },
    told: toldOf(
      "a release is being deployed",
      undefined,
      `codepipeline/pipelines/${pipelineName}/executions/<execution>/timeline`,
    ),
  };
  const retries: ToldEvent[] =
    arns.deployRetry === undefined ? [] : [retryEvent(arns.deployRetry, { product, stack }, arns)];
  const wanted = [
    ...(events.includes("failed") ? [actions, builds, ...retries] : []),
    ...(events.includes("started") ? [deployments] : []),
  ];
  for (const event of wanted) eventRule(name, event, topics, made);
}

/**
 * What waits to try the stage Deploy again may be refused by CodePipeline, or stopped: nobody else hears of it, and the release would
 * just not come. "Step Functions Execution Status Change" ("EventBridge (CloudWatch Events) for Step Functions execution status
 * changes", Step Functions developer guide).
 */
function retryEvent(
  stateMachineArn: pulumi.Input<string>,
  about: Pick<Notification, "product" | "stack">,
  { account }: Pick<PipelineArns, "account">,
): ToldEvent {
  return {
    part: "retryFailure",
    description: "Tells of releases that were to be tried again by themselves, and are not",
    eventPattern: pulumi.jsonStringify({
      source: ["aws.states"],
      "detail-type": ["Step Functions Execution Status Change"],
      detail: {
        status: ["FAILED", "TIMED_OUT", "ABORTED"],
        stateMachineArn: [stateMachineArn],
      },
    }),
    inputPaths: { status: "$.detail.status", arn: "$.detail.executionArn", time: "$.time" },
    told: pulumi.output(account.region).apply((region): Notification => ({
      ...{ kind: "failed", ...about, at: "<time>" },
      what: "a release that was refused is not tried again by itself",
      why: `what waited for that ended with <status>; retry the stage ${deployStage} in CodePipeline, unless a newer release has come into it`,
      link: runPage(region, "<arn>"),
    })),
  };
}
