import type * as pulumi from "@pulumi/pulumi";
import { arnOf, changed, text, type Account } from "../shared/account";
import { allow, type Statement } from "../shared/iam";
import { stateMachineLogStatement } from "../shared/stateMachineLog";
import { failureEvent } from "./stateMachine";

export interface JobStatementsArgs {
  readonly account: Account;
  readonly jobName: string;
  readonly clusterArn: pulumi.Input<string>;
  readonly taskFamily: string;
  readonly executionRoleArn: pulumi.Input<string>;
  readonly taskRoleArn: pulumi.Input<string>;
}

/** `arn:<partition>:states:<region>:<account>:stateMachine:<name>`. */
export function stateMachineArn(account: Account, jobName: string): pulumi.Input<string> {
  return arnOf(account, "states", `stateMachine:${jobName}`);
}

/** What a job's state machine may do: run its own family's tasks in the cluster, and tell of failures. */
export function jobStatements(args: JobStatementsArgs): Statement[] {
  const { account, clusterArn } = args;
  const clusterName = changed([clusterArn], ([arn]) => arn.split("/")[1]);
  const tasks = arnOf(account, "ecs", text`task/${clusterName}/*`);
  return [
    allow(["ecs:RunTask"], [arnOf(account, "ecs", `task-definition/${args.taskFamily}:*`)], {
      ArnEquals: { "ecs:cluster": clusterArn },
    }),
    allow(["ecs:DescribeTasks", "ecs:StopTask"], [tasks]),
    // The tags of its task definition, on the task that it starts and no other.
    allow(["ecs:TagResource"], [tasks], { StringEquals: { "ecs:CreateAction": "RunTask" } }),
    allow(["iam:PassRole"], [args.executionRoleArn, args.taskRoleArn], {
      StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    }),
    // By the rule of this name Step Functions hears that a task ended ("Run Amazon ECS or Fargate tasks", developer guide).
    allow(
      ["events:DescribeRule", "events:PutRule", "events:PutTargets"],
      [arnOf(account, "events", "rule/StepFunctionsGetEventsForECSTaskRule")],
    ),
    allow(["states:ListExecutions"], [stateMachineArn(account, args.jobName)]),
    allow(["events:PutEvents"], [arnOf(account, "events", "event-bus/default")], {
      StringEquals: { "events:source": failureEvent.source },
    }),
    stateMachineLogStatement(),
  ];
}
