import * as pulumi from "@pulumi/pulumi";
import { pipelinePage } from "../../contract/consolePages";
import type { Tags } from "../shared/tags";
import type { PipelineArns } from "./arns";
import { startStatements } from "./roles/orchestrate";
import type { StartEvent } from "./source";
import { startedByEvent } from "./startedByEvent";

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
  startedByEvent(
    `${name}-start`,
    {
      account: arns.account,
      description: "Starts the pipeline when its source changes",
      eventPattern: pattern,
      statements: startStatements(arns),
      target: { arn: pipelineArn, inputTransformer },
      tags,
    },
    parent,
  );
}

/** Where people see the pipeline in the console. */
export function pipelineUrl(
  region: pulumi.Input<string>,
  pipelineName: string,
): pulumi.Output<string> {
  return pulumi.output(region).apply((place) => pipelinePage(place, pipelineName));
}
