import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { sourceArtifacts, type Artifact } from "./arns";
import type { PipelineArgs } from "./args";
import { executionVariablesText, type ActionCommands } from "./commands";
import { configOrigin, source, sourceAction, type Origin } from "./source";

export type Action = aws.types.input.codepipeline.PipelineStageAction;

/** What the actions of a pipeline refer to. */
export interface ActionContext {
  readonly args: PipelineArgs;
  readonly origin: Origin;
  readonly sourceRoleArn: pulumi.Input<string>;
  /** The role of CodePipeline's ECS actions; only with `deploy: ecs`. */
  readonly ecsRoleArn?: pulumi.Input<string>;
}

export interface BuildAction {
  readonly name: string;
  /** Which project it runs: the action's name in `actionName`. */
  readonly project: string;
  /** Beside `Source`, which every action gets and works in, and `Config`, which every action gets where the pipeline has it. */
  readonly inputs?: readonly Artifact[];
  readonly output?: Artifact;
  readonly runOrder?: number;
  /** Where its exported variables are found. */
  readonly namespace?: string;
  readonly commands: ActionCommands;
  /** Whether the project runs another buildspec in other actions. Without it, no. */
  readonly override?: boolean;
}

/** An action in CodeBuild. */
export function buildAction({ args }: ActionContext, action: BuildAction): Action {
  const { name, project, inputs = [], output, runOrder, namespace, commands, override } = action;
  const variables = executionVariablesText(commands);
  return {
    name,
    category: "Build",
    owner: "AWS",
    provider: "CodeBuild",
    version: "1",
    runOrder: runOrder ?? 1,
    ...(namespace === undefined ? {} : { namespace }),
    inputArtifacts: [...sourceArtifacts(args), ...inputs],
    ...(output === undefined ? {} : { outputArtifacts: [output] }),
    configuration: {
      ProjectName: args.actionName(project),
      PrimarySource: source,
      ...(variables === undefined ? {} : { EnvironmentVariables: variables }),
      ...(override ? { BuildspecOverride: commands.buildspec } : {}),
    },
  };
}

/** Where the variables of a service's build are found: other characters than these are refused. */
export function buildNamespace(service: string): string {
  return `Build-${service.replace(/[^A-Za-z0-9@_-]/g, "_")}`;
}

export function sourceStageActions({ args, origin, sourceRoleArn }: ActionContext): Action[] {
  const action = (name: Artifact, from: Origin): Action => ({
    name,
    category: "Source",
    owner: "AWS",
    version: "1",
    ...sourceAction(from),
    namespace: name,
    outputArtifacts: [name],
    roleArn: sourceRoleArn,
    runOrder: 1,
  });
  return [
    action(source, origin),
    ...(args.config ? [action("Config", configOrigin(args.config))] : []),
  ];
}

/** Hours after which CodePipeline itself gives an approval up. */
export const approvalTimeoutHours = 168;

export const approvalName = "Approve";

/** Asks people. Whoever made the evidence for it tells them so. */
export function approvalAction({ args }: ActionContext, runOrder = 1): Action {
  const { timeoutHours = approvalTimeoutHours, text, link } = args.approval ?? {};
  return {
    name: approvalName,
    category: "Approval",
    owner: "AWS",
    provider: "Manual",
    version: "1",
    runOrder,
    timeoutInMinutes: 60 * timeoutHours,
    configuration: {
      ...(text === undefined ? {} : { CustomData: text }),
      ...(link === undefined ? {} : { ExternalEntityLink: link }),
    },
  };
}

/** CodePipeline's own update of a service: its task definition with the image that `Images` names. */
export function ecsAction(
  { args, ecsRoleArn }: ActionContext,
  service: string,
  runOrder: number,
): Action {
  return {
    name: `Ecs-${service}`,
    category: "Deploy",
    owner: "AWS",
    provider: "ECS",
    version: "1",
    runOrder,
    inputArtifacts: ["Images"],
    roleArn: ecsRoleArn,
    configuration: {
      ClusterName: args.cluster.clusterName,
      ServiceName: args.services[service].serviceName,
      FileName: `imagedefinitions-${service}.json`,
    },
  };
}
