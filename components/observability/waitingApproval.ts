import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnOf, text, type Account } from "../shared/account";
import { allow, serviceTrust } from "../shared/iam";
import { serviceRole } from "../shared/serviceRole";
import { stateMachineLog, stateMachineLogStatement } from "../shared/stateMachineLog";
import type { Tags } from "../shared/tags";
import type { ObservedBounds } from "./args";
import * as of from "./catalog";
import { onAny, type ObservedAlarm } from "./metrics";

interface WaitingArgs {
  readonly account: Account;
  /** Physical name of the state machine. */
  readonly stateMachineName: string;
  readonly pipelineName: pulumi.Input<string>;
  readonly bounds: ObservedBounds;
  /** Days for which executions that failed are logged. Without it, 90. */
  readonly logRetentionDays?: number;
  readonly tags?: Tags;
}

const hours = ({ approvalHours = 24 }: ObservedBounds) => approvalHours;

export function approvalAlarm(
  stateMachineArn: pulumi.Input<string>,
  bounds: ObservedBounds,
): ObservedAlarm {
  return {
    ...onAny(of.runMetrics(stateMachineArn).failed),
    alarmDescription: `A release waits for its approval for ${hours(bounds)} h`,
  };
}

/**
 * Waits with each approval of the pipeline, and fails where nobody has answered by then: CodePipeline has no metric of what
 * waits. Whoever is told of it looks at the failed execution, or at the pipeline.
 * @returns the state machine's ARN.
 */
export function waitingApproval(
  name: string,
  args: WaitingArgs,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { account, stateMachineName, pipelineName, logRetentionDays = 90, tags } = args;
  const { role, policy } = serviceRole(
    `${name}-approvalWait`,
    {
      trust: serviceTrust("states.amazonaws.com", {
        accountId: account.accountId,
        sourceArn: arnOf(account, "states", `stateMachine:${stateMachineName}`),
      }),
      statements: [
        allow(
          ["codepipeline:ListActionExecutions"],
          [arnOf(account, "codepipeline", pipelineName)],
        ),
        stateMachineLogStatement(),
      ],
      tags,
    },
    parent,
  );
  const loggingConfiguration = stateMachineLog(
    `${name}-approvalWaitLogs`,
    { stateMachineName, retentionDays: logRetentionDays, tags },
    parent,
  );
  const machine = new aws.sfn.StateMachine(
    `${name}-approvalWait`,
    {
      name: stateMachineName,
      type: "STANDARD",
      roleArn: role.arn,
      definition: waitingDefinition(account, pipelineName, hours(args.bounds)),
      loggingConfiguration,
      tags,
    },
    { parent, dependsOn: [policy] },
  );
  startedByApprovals(name, machine, args, parent);
  return machine.arn;
}

/** The definition of the state machine, in the Amazon States Language. Its input is CodePipeline's event. */
export function waitingDefinition(
  { partition }: Pick<Account, "partition">,
  pipelineName: pulumi.Input<string>,
  approvalHours: number,
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    QueryLanguage: "JSONata",
    StartAt: "Wait",
    States: {
      Wait: {
        Type: "Wait",
        Seconds: approvalHours * 3600,
        Assign: { action: "{% $states.input.detail.`action-execution-id` %}" },
        Output: { execution: "{% $states.input.detail.`execution-id` %}" },
        Next: "List",
      },
      List: {
        Type: "Task",
        Resource: text`arn:${partition}:states:::aws-sdk:codepipeline:listActionExecutions`,
        Arguments: {
          PipelineName: pipelineName,
          Filter: { PipelineExecutionId: "{% $states.input.execution %}" },
        },
        Assign: { waits: `{% ${waitsExpression} %}` },
        Retry: [
          { ErrorEquals: ["States.ALL"], IntervalSeconds: 4, MaxAttempts: 5, BackoffRate: 2 },
        ],
        Next: "Waits",
      },
      Waits: {
        Type: "Choice",
        Choices: [{ Condition: "{% $waits %}", Next: "Unanswered" }],
        Default: "Answered",
      },
      Answered: { Type: "Succeed" },
      Unanswered: {
        Type: "Fail",
        Error: "ApprovalWaits",
        Cause: `nobody has answered for ${approvalHours} hours`,
      },
    },
  });
}

/** Whether the approval of the event is not answered; JSONata, which a test evaluates. */
export const waitsExpression =
  "$count($states.result.ActionExecutionDetails[ActionExecutionId = $action and Status = 'InProgress']) > 0";

function startedByApprovals(
  name: string,
  machine: aws.sfn.StateMachine,
  { account, pipelineName, tags }: WaitingArgs,
  parent: pulumi.Resource,
): void {
  const rule = new aws.cloudwatch.EventRule(
    `${name}-approvalWait`,
    {
      description: "Waits with each approval of the pipeline",
      // "CodePipeline Action Execution State Change" (CodePipeline user guide).
      eventPattern: pulumi.jsonStringify({
        source: ["aws.codepipeline"],
        "detail-type": ["CodePipeline Action Execution State Change"],
        detail: {
          pipeline: [pipelineName],
          type: { category: ["Approval"] },
          state: ["STARTED"],
        },
      }),
      tags,
    },
    { parent },
  );
  const { role, policy } = serviceRole(
    `${name}-approvalStart`,
    {
      trust: serviceTrust("events.amazonaws.com", {
        accountId: account.accountId,
        sourceArn: rule.arn,
      }),
      statements: [allow(["states:StartExecution"], [machine.arn])],
      tags,
    },
    parent,
  );
  new aws.cloudwatch.EventTarget(
    `${name}-approvalWait`,
    { rule: rule.name, arn: machine.arn, roleArn: role.arn },
    { parent: rule, dependsOn: [policy] },
  );
}
