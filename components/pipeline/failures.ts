import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { failureEvent } from "../job/stateMachine";
import { mostPatternCharacters } from "../shared/eventPattern";
import { policyDocument, single } from "../shared/iam";
import type { PipelineArgs } from "./args";
import { pipelineUrl, type EventArgs } from "./events";

interface FailureArgs extends EventArgs {
  readonly topicArn: pulumi.Input<string>;
  readonly services: PipelineArgs["services"];
  readonly alarms?: PipelineArgs["alarms"];
}

/** Tells the topic of each execution of the pipeline that failed, of each run of its jobs, and of alarms. */
export function failureRules(name: string, args: FailureArgs, parent: pulumi.Resource): void {
  const rules = [
    pipelineRule(name, args, parent),
    ...jobRule(name, args, parent),
    ...alarmRule(name, args, parent),
  ];
  const policy = new aws.sns.TopicPolicy(
    `${name}-topic`,
    {
      arn: args.topicArn,
      policy: policyDocument({
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sns:Publish",
        Resource: args.topicArn,
        // The rule's account is in its ARN; EventBridge tells none beside it.
        Condition: {
          ArnEquals: { "aws:SourceArn": single(rules.map(({ rule }) => rule.arn)) },
        },
      }),
    },
    { parent },
  );
  for (const { part, rule, inputTransformer } of rules) {
    new aws.cloudwatch.EventTarget(
      `${name}-${part}`,
      { rule: rule.name, arn: args.topicArn, inputTransformer },
      { parent: rule, dependsOn: [policy] },
    );
  }
}

interface FailureRule {
  /** Of its logical name. */
  readonly part: string;
  readonly rule: aws.cloudwatch.EventRule;
  readonly inputTransformer: NonNullable<aws.cloudwatch.EventTargetArgs["inputTransformer"]>;
}

function pipelineRule(
  name: string,
  { arns, pipelineName, tags }: FailureArgs,
  parent: pulumi.Resource,
): FailureRule {
  const part = "failure";
  const url = pipelineUrl(arns.account.region, pipelineName);
  const rule = new aws.cloudwatch.EventRule(
    `${name}-${part}`,
    {
      description: "Tells of executions of the pipeline that failed",
      eventPattern: JSON.stringify({
        source: ["aws.codepipeline"],
        "detail-type": ["CodePipeline Pipeline Execution State Change"],
        detail: { pipeline: [pipelineName], state: ["FAILED"] },
      }),
      tags,
    },
    { parent },
  );
  const inputTransformer = {
    inputPaths: {
      pipeline: "$.detail.pipeline",
      execution: "$.detail.execution-id",
      time: "$.time",
    },
    // Quotes make it a text; a mail shows it as one line.
    inputTemplate: pulumi.interpolate`"The pipeline <pipeline> failed at <time>. Execution <execution>: ${url}"`,
  };
  return { part, rule, inputTransformer };
}

function jobRule(
  name: string,
  { arns, services, tags }: FailureArgs,
  parent: pulumi.Resource,
): FailureRule[] {
  const jobs = Object.values(services).flatMap(({ job = false, serviceName }) =>
    job ? [serviceName] : [],
  );
  const { region } = arns.account;
  const inputTransformer = {
    inputPaths: { job: "$.detail.job", reason: "$.detail.reason", arn: "$.detail.execution" },
    inputTemplate: pulumi.interpolate`"The job <job> failed: <reason>. Execution: https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/<arn>"`,
  };
  return jobPatterns(jobs).map((eventPattern, index) => {
    const part = index === 0 ? "jobFailure" : `jobFailure${index + 1}`;
    const rule = new aws.cloudwatch.EventRule(
      `${name}-${part}`,
      { description: "Tells of runs of jobs that failed", eventPattern, tags },
      { parent },
    );
    return { part, rule, inputTransformer };
  });
}

/** Jobs by their names, in as few patterns as EventBridge's length of one takes. */
function jobPatterns(jobs: readonly string[]): string[] {
  const pattern = (job: readonly string[]) =>
    JSON.stringify({
      source: [failureEvent.source],
      "detail-type": [failureEvent.detailType],
      detail: { job },
    });
  const groups: string[][] = [];
  for (const job of jobs) {
    const last = groups.at(-1);
    if (last && pattern([...last, job]).length <= mostPatternCharacters) last.push(job);
    else groups.push([job]);
  }
  return groups.map(pattern);
}

/** By an event, not by the alarms' own actions: the topic's key and policy know one sender, which needs no ARN of an alarm. */
function alarmRule(
  name: string,
  { arns, alarms = [], tags }: FailureArgs,
  parent: pulumi.Resource,
): FailureRule[] {
  if (alarms.length === 0) return [];
  const part = "alarm";
  const rule = new aws.cloudwatch.EventRule(
    `${name}-${part}`,
    {
      description: "Tells of alarms that fire",
      eventPattern: JSON.stringify({
        source: ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        detail: {
          alarmName: alarms.map((wildcard) => ({ wildcard })),
          state: { value: ["ALARM"] },
        },
      }),
      tags,
    },
    { parent },
  );
  const { region } = arns.account;
  const inputTransformer = {
    inputPaths: { alarm: "$.detail.alarmName", about: "$.detail.configuration.description" },
    inputTemplate: pulumi.interpolate`"The alarm <alarm> fires: <about>. https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#alarmsV2:alarm/<alarm>"`,
  };
  return [{ part, rule, inputTransformer }];
}
