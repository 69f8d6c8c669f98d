import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { text, type Account } from "../shared/account";
import { allow, serviceTrust, type Statement } from "../shared/iam";
import { stateMachineLog, stateMachineLogStatement } from "../shared/stateMachineLog";
import type { Tags } from "../shared/tags";
import { deployStage, type PipelineArns } from "./arns";
import type { PipelineArgs } from "./args";
import { role } from "./role";

/** How often, and how many seconds after the first attempt, CodePipeline is asked again where it refuses: two minutes in all. */
const attempts = { IntervalSeconds: 4, MaxAttempts: 5, BackoffRate: 2 };

/** The stage was tried again by somebody, or a newer execution has come into it: nothing is left to do. */
const overtaken = [
  "CodePipeline.StageNotRetryableException",
  "CodePipeline.NotLatestPipelineExecutionException",
];

/** How often it is asked whether an older execution has left the stages behind. */
const pauseSeconds = 60;

/** Stages after Deploy in which something of the environment is changed, and the action there in which people are asked. */
const behind = { stages: ["Confirm", "Conclude"], asks: "Approve" } as const;

/**
 * JSONata over the answer of GetPipelineState: whether the build that refused is still the newest one of the stage, and whether an
 * older execution is being concluded. A test evaluates it.
 */
export const lookExpression = `(
  $stages := $states.result.StageStates;
  $newest := $stages[StageName = "${deployStage}"].ActionStates.LatestExecution.ExternalExecutionId;
  $busy := $stages[StageName in ${JSON.stringify(behind.stages)}].ActionStates[
    ActionName != "${behind.asks}" and LatestExecution.Status = "InProgress"
  ];
  $merge([$states.input, { "isNewest": $states.input.build in $newest, "isBusy": $exists($busy) }])
)`;

/**
 * The definition of the state machine that waits, and then has CodePipeline try its stage again, in the Amazon States Language.
 * Which pipeline and which stage stand here, so that whoever starts it has no say in them. Whatever has come after the build that
 * refused is left alone: a retry by hand may have ended it, or failed for a person to look at.
 */
export function deployRetryDefinition(
  { partition }: Pick<Account, "partition">,
  pipelineName: string,
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    QueryLanguage: "JSONata",
    StartAt: "Wait",
    States: {
      Wait: { Type: "Wait", Timestamp: "{% $states.input.at %}", Next: "Look" },
      Look: {
        Type: "Task",
        Resource: text`arn:${partition}:states:::aws-sdk:codepipeline:getPipelineState`,
        Arguments: { Name: pipelineName },
        Retry: [{ ErrorEquals: ["States.ALL"], ...attempts }],
        Output: `{% ${lookExpression} %}`,
        Next: "Judge",
      },
      Judge: {
        Type: "Choice",
        Choices: [
          { Condition: "{% $not($states.input.isNewest) %}", Next: "Overtaken" },
          { Condition: "{% $states.input.isBusy %}", Next: "Pause" },
        ],
        Default: "Retry",
      },
      Pause: { Type: "Wait", Seconds: pauseSeconds, Next: "Look" },
      Retry: {
        Type: "Task",
        Resource: text`arn:${partition}:states:::aws-sdk:codepipeline:retryStageExecution`,
        Arguments: {
          PipelineName: pipelineName,
          StageName: deployStage,
          PipelineExecutionId: "{% $states.input.execution %}",
          RetryMode: "FAILED_ACTIONS",
        },
        Retry: [
          { ErrorEquals: overtaken, MaxAttempts: 0 },
          { ErrorEquals: ["States.ALL"], ...attempts },
        ],
        Catch: [{ ErrorEquals: overtaken, Next: "Overtaken" }],
        End: true,
      },
      Overtaken: { Type: "Succeed" },
    },
  });
}

/** What the state machine may do. */
export function deployRetryStatements({ deployStage, pipeline }: PipelineArns): Statement[] {
  return [
    allow(["codepipeline:GetPipelineState"], [pipeline]),
    allow(["codepipeline:RetryStageExecution"], [deployStage]),
    stateMachineLogStatement(),
  ];
}

interface DeployRetryArgs extends Pick<
  PipelineArgs,
  "pipelineName" | "deployRetryName" | "logRetentionDays"
> {
  readonly arns: PipelineArns;
  readonly tags?: Tags;
}

/** Tries the stage again at a time that is given when it is started, where the pipeline has a name for it. */
export function deployRetry(
  name: string,
  { arns, pipelineName, deployRetryName, logRetentionDays = 90, tags }: DeployRetryArgs,
  parent: pulumi.Resource,
): void {
  if (deployRetryName === undefined || arns.deployRetry === undefined) return;
  const { account } = arns;
  const { arn, policies } = role(
    `${name}-deployRetry`,
    {
      trust: serviceTrust("states.amazonaws.com", {
        accountId: account.accountId,
        sourceArn: arns.deployRetry,
      }),
      statements: deployRetryStatements(arns),
      tags,
    },
    parent,
  );
  const loggingConfiguration = stateMachineLog(
    `${name}-deployRetryLogs`,
    { stateMachineName: deployRetryName, retentionDays: logRetentionDays, tags },
    parent,
  );
  new aws.sfn.StateMachine(
    `${name}-deployRetry`,
    {
      name: deployRetryName,
      type: "STANDARD",
      roleArn: arn,
      definition: deployRetryDefinition(account, pipelineName),
      loggingConfiguration,
      tags,
    },
    { parent, dependsOn: [...policies] },
  );
}
