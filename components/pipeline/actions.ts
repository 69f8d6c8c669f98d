import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Artifact } from "./arns";
import type { PipelineArgs } from "./args";
import { source, sourceAction, type Origin } from "./source";

export type Action = aws.types.input.codepipeline.PipelineStageAction;

/** What the actions of a pipeline refer to. */
export interface ActionContext {
  readonly args: PipelineArgs;
  readonly origin: Origin;
  readonly topicArn: pulumi.Input<string>;
  readonly sourceRoleArn: pulumi.Input<string>;
  /** The role of CodePipeline's ECS actions; only with `deploy: ecs`. */
  readonly ecsRoleArn?: pulumi.Input<string>;
}

export interface ActionVariable {
  readonly name: string;
  readonly value: string;
}

export interface BuildAction {
  readonly name: string;
  /** Which project it runs: the action's name in `actionName`. */
  readonly project: string;
  /** Beside `Source`, which every action gets and works in. */
  readonly inputs?: readonly Artifact[];
  readonly output?: Artifact;
  readonly runOrder?: number;
  /** Where its exported variables are found. */
  readonly namespace?: string;
  /** Without it, the execution and the commit. */
  readonly variables?: readonly ActionVariable[];
  /** Without it, the buildspec of the project. */
  readonly buildspec?: string;
}

/** An action in CodeBuild. */
export function buildAction(context: ActionContext, action: BuildAction): Action {
  const { args } = context;
  const { name, project, inputs = [], output, runOrder, namespace, buildspec } = action;
  const { variables = executionVariables(args) } = action;
  return {
    name,
    category: "Build",
    owner: "AWS",
    provider: "CodeBuild",
    version: "1",
    runOrder: runOrder ?? 1,
    ...(namespace === undefined ? {} : { namespace }),
    inputArtifacts: [source, ...inputs],
    ...(output === undefined ? {} : { outputArtifacts: [output] }),
    configuration: {
      ProjectName: args.actionName(project),
      PrimarySource: source,
      EnvironmentVariables: JSON.stringify(variables),
      ...(buildspec === undefined ? {} : { BuildspecOverride: buildspec }),
    },
  };
}

function executionVariables({ source: given }: PipelineArgs): ActionVariable[] {
  const execution = variable("GANTRY_EXECUTION", "#{codepipeline.PipelineExecutionId}");
  // An object in S3 has no commit: there the source itself says it.
  const hasCommit = given !== undefined && given.type !== "s3";
  return hasCommit ? [execution, variable("GANTRY_COMMIT", `#{${source}.CommitId}`)] : [execution];
}

/** Everything that the release action is told, of which CodePipeline takes 1000 characters. */
export function releaseVariables(args: PipelineArgs): ActionVariable[] {
  const services = Object.keys(args.services);
  const each = (exported: string) =>
    services.map((service) => `${service}=#{${buildNamespace(service)}.${exported}}`);
  return [
    ...executionVariables(args),
    variable("GANTRY_IMAGES", each("GANTRY_IMAGE").join(",")),
    variable("GANTRY_TESTS", each("GANTRY_TESTS").join(";")),
  ];
}

/** Where the variables of a service's build are found: other characters than these are refused. */
export function buildNamespace(service: string): string {
  return `Build-${service.replace(/[^A-Za-z0-9@_-]/g, "_")}`;
}

/** In plain text, which need not be said. */
function variable(name: string, value: string): ActionVariable {
  return { name, value };
}

export function sourceStageAction({ origin, sourceRoleArn }: ActionContext): Action {
  return {
    name: source,
    category: "Source",
    owner: "AWS",
    version: "1",
    ...sourceAction(origin),
    namespace: source,
    outputArtifacts: [source],
    roleArn: sourceRoleArn,
    runOrder: 1,
  };
}

/** Hours after which CodePipeline itself gives an approval up. */
export const approvalTimeoutHours = 168;

/** Asks people, with the evidence that the plan found. */
export function approvalAction({ args, topicArn }: ActionContext): Action {
  return {
    name: "Approve",
    category: "Approval",
    owner: "AWS",
    provider: "Manual",
    version: "1",
    runOrder: 1,
    timeoutInMinutes: 60 * (args.approval?.timeoutHours ?? approvalTimeoutHours),
    configuration: {
      NotificationArn: topicArn,
      CustomData: "#{Plan.GANTRY_SUMMARY}",
      ExternalEntityLink: "#{Plan.GANTRY_LINK}",
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
