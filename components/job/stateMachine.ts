import * as pulumi from "@pulumi/pulumi";
import { logQueryPage } from "../../contract/logQuery";
import { text, type Account } from "../shared/account";

export interface StateMachineSpec {
  readonly account: Account;
  readonly jobName: string;
  readonly logGroupName: pulumi.Input<string>;
  readonly clusterArn: pulumi.Input<string>;
  /** Family of its task definitions: the newest one runs. */
  readonly taskFamily: string;
  readonly capacityProviderStrategies: readonly {
    readonly capacityProvider: pulumi.Input<string>;
    readonly base?: number;
    readonly weight: number;
  }[];
  readonly network: {
    readonly subnets: pulumi.Input<string[]>;
    readonly securityGroups: readonly pulumi.Input<string>[];
    readonly assignPublicIp: boolean;
  };
  readonly exec: boolean;
  readonly timeoutMinutes: number;
  readonly retries: number;
  readonly overlap: boolean;
}

/** What the event of a run that failed is called: whoever tells of it asks for these. */
export const failureEvent = { source: "gantry.jobs", detailType: "Job Failed" } as const;

/**
 * Seconds before the runs are listed: two that start at once see each other by then, since the list follows with a delay
 * ("ListExecutions", Step Functions API reference).
 */
const settleSeconds = 3;

/** The definition of a job's state machine, in the Amazon States Language. */
export function stateMachineDefinition(spec: StateMachineSpec): pulumi.Output<string> {
  return pulumi.jsonStringify({
    QueryLanguage: "JSONata",
    StartAt: spec.overlap ? "Run" : "Settle",
    States: {
      ...(spec.overlap ? {} : aloneStates(spec)),
      Run: runState(spec),
      Tell: tellState(spec),
      Failed: { Type: "Fail", Error: "JobFailed", Cause: "{% $reason %}" },
    },
  });
}

/** Ends where an older run is not over: the newest stands first in the list, and the oldest last. */
function aloneStates({ account }: StateMachineSpec): Readonly<Record<string, object>> {
  return {
    Settle: { Type: "Wait", Seconds: settleSeconds, Next: "List" },
    List: {
      Type: "Task",
      Resource: text`arn:${account.partition}:states:::aws-sdk:sfn:listExecutions`,
      Arguments: {
        StateMachineArn: "{% $states.context.StateMachine.Id %}",
        StatusFilter: "RUNNING",
      },
      Assign: { alone: `{% ${aloneExpression} %}` },
      Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 2, MaxAttempts: 5, BackoffRate: 2 }],
      Catch: caught(`'its runs could not be listed: ' & ${errorText}`),
      Next: "Alone",
    },
    Alone: {
      Type: "Choice",
      Choices: [{ Condition: "{% $alone %}", Next: "Run" }],
      Default: "Skipped",
    },
    Skipped: { Type: "Succeed", Output: { skipped: "an earlier run is not over" } },
  };
}

/** Whether none of the running executions is older; a list that knows of none yet says nothing against it. */
export const aloneExpression =
  "($count($states.result.Executions) = 0 or " +
  "$states.result.Executions[-1].ExecutionArn = $states.context.Execution.Id)";

function runState(spec: StateMachineSpec): object {
  const { subnets, securityGroups, assignPublicIp } = spec.network;
  return {
    Type: "Task",
    // It ends with the task, and fails where an essential container ends with another exit code than 0.
    Resource: text`arn:${spec.account.partition}:states:::ecs:runTask.sync`,
    TimeoutSeconds: spec.timeoutMinutes * 60,
    Arguments: {
      Cluster: spec.clusterArn,
      TaskDefinition: spec.taskFamily,
      CapacityProviderStrategy: spec.capacityProviderStrategies.map(
        ({ capacityProvider, base, weight }) => ({
          CapacityProvider: capacityProvider,
          ...(base === undefined ? {} : { Base: base }),
          Weight: weight,
        }),
      ),
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          Subnets: subnets,
          SecurityGroups: securityGroups,
          AssignPublicIp: assignPublicIp ? "ENABLED" : "DISABLED",
        },
      },
      PropagateTags: "TASK_DEFINITION",
      EnableExecuteCommand: spec.exec,
    },
    Retry: retriers(spec.retries),
    Catch: caught(reasonExpression(spec.timeoutMinutes)),
    Output: { task: "{% $states.result.TaskArn %}" },
    End: true,
  };
}

function retriers(retries: number): object[] {
  return [
    // ECS refused to start a task, as where there is no capacity or too many calls: nothing has run.
    {
      ErrorEquals: ["AmazonECS.Unknown", "ECS.AmazonECSException", "ECS.ServerException"],
      ...{ IntervalSeconds: 15, MaxAttempts: 3, BackoffRate: 2, JitterStrategy: "FULL" },
    },
    // Every error but `States.Timeout`: what took too long does so again.
    ...(retries === 0
      ? []
      : [
          {
            ErrorEquals: ["States.TaskFailed"],
            ...{ IntervalSeconds: 30, MaxAttempts: retries, BackoffRate: 2, MaxDelaySeconds: 600 },
          },
        ]),
  ];
}

function caught(reason: string): object[] {
  return [{ ErrorEquals: ["States.ALL"], Assign: { reason: `{% ${reason} %}` }, Next: "Tell" }];
}

const errorText = "$states.errorOutput.Error & ': ' & $states.errorOutput.Cause";

/**
 * Why an attempt failed, for people. Of a task that ended, `Cause` is its description; of one that never was, a text.
 * JSONata, as {@link aloneExpression}, which a test evaluates.
 */
export function reasonExpression(timeoutMinutes: number): string {
  const container =
    "Name & ': ' & ($exists(ExitCode) ? 'exit code ' & $string(ExitCode) : 'did not start') & " +
    "($exists(Reason) ? ' (' & Reason & ')' : '')";
  return (
    "($states.errorOutput.Error = 'States.Timeout' " +
    `? 'it was not over after ${timeoutMinutes} min and was stopped' ` +
    ": $substring($states.errorOutput.Cause, 0, 1) = '{' " +
    "? ($task := $parse($states.errorOutput.Cause); " +
    `$join($append([$task.StoppedReason], $task.Containers.(${container})), '; ') & ` +
    "'; task ' & $split($task.TaskArn, '/')[-1]) " +
    `: ${errorText})`
  );
}

/** Where people see what a run has logged so far. JSONata, as {@link aloneExpression}: in times of such a link no colon stands. */
export function logExpression(region: string, logGroupName: string): string {
  const page = logQueryPage({ region, logGroupName, from: "<from>", to: "<to>" });
  const time = (expression: string) => `' & $replace(${expression}, ':', '*3a') & '`;
  return `'${page}'`
    .replace("<from>", () => time("$states.context.Execution.StartTime"))
    .replace("<to>", () => time("$now()"));
}

function tellState({ account, jobName, logGroupName }: StateMachineSpec): object {
  return {
    Type: "Task",
    Resource: text`arn:${account.partition}:states:::events:putEvents`,
    Arguments: {
      Entries: [
        {
          Source: failureEvent.source,
          DetailType: failureEvent.detailType,
          Detail: {
            job: jobName,
            reason: "{% $reason %}",
            execution: "{% $states.context.Execution.Id %}",
            log: pulumi
              .all([account.region, logGroupName])
              .apply((place) => `{% ${logExpression(...place)} %}`),
          },
          EventBusName: "default",
        },
      ],
    },
    Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 2, MaxAttempts: 5, BackoffRate: 2 }],
    // What could not be told has failed all the same.
    Catch: [{ ErrorEquals: ["States.ALL"], Next: "Failed" }],
    Next: "Failed",
  };
}
