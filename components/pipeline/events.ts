import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { serviceTrust } from "../shared/iam";
import type { Tags } from "../shared/tags";
import type { PipelineArns } from "./arns";
import { role } from "./role";
import { startStatements } from "./roles/orchestrate";
import type { StartEvent } from "./source";

export interface EventArgs {
  readonly arns: PipelineArns;
  /** The pipeline's, once it is there. */
  readonly pipelineArn: pulumi.Input<string>;
  readonly pipelineName: string;
  readonly tags?: Tags;
}

/** Starts the pipeline when its source changes. */
export function startRule(
  name: string,
  { pattern, inputTransformer }: StartEvent,
  { arns, pipelineArn, tags }: EventArgs,
  parent: pulumi.Resource,
): void {
  const rule = new aws.cloudwatch.EventRule(
    `${name}-start`,
    { description: "Starts the pipeline when its source changes", eventPattern: pattern, tags },
    { parent },
  );
  const start = role(
    `${name}-start`,
    {
      trust: serviceTrust("events.amazonaws.com", {
        accountId: arns.account.accountId,
        sourceArn: rule.arn,
      }),
      statements: startStatements(arns),
      tags,
    },
    parent,
  );
  new aws.cloudwatch.EventTarget(
    `${name}-start`,
    { rule: rule.name, arn: pipelineArn, roleArn: start.arn, inputTransformer },
    { parent: rule, dependsOn: [...start.policies] },
  );
}

/** Where people see the pipeline in the console. */
export function pipelineUrl(
  region: pulumi.Input<string>,
  pipelineName: string,
): pulumi.Output<string> {
  return pulumi.interpolate`https://${region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${pipelineName}/view?region=${region}`;
}
