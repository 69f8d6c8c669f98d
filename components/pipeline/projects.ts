import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ActionKind, PipelineArgs } from "./args";
import { actionLogGroup, type PipelineArns } from "./arns";
import { builtServices } from "./builds";
import { projectCommands, runsPulumi } from "./commands";
import { projectVariables } from "./environment";
import { loggedProject } from "./loggedProject";
import { measured } from "./measure";
import { projectStatements } from "./roles/project";
import { verifyVpc } from "./verifyNetwork";

/** Minutes that an action may take where nothing else is said, as CodeBuild has it. */
const defaultTimeoutMinutes = 60;

/** Minutes that an action may wait for a free host. CodeBuild waits eight hours, in which nobody hears of it. */
const defaultQueueMinutes = 30;

/** A CodeBuild project: the same for every execution of its action. */
export interface ProjectSpec {
  /** As `build-web` or `deploy`. */
  readonly action: string;
  readonly kind: ActionKind;
  /** The service that it builds. */
  readonly service?: string;
}

/** The projects that the pipeline of `args` needs, in the order of its stages. */
export function projectSpecs(args: PipelineArgs): ProjectSpec[] {
  const builds = builtServices(args).map((service): ProjectSpec => ({
    action: `build-${service}`,
    kind: "build",
    service,
  }));
  const one = (kind: ActionKind): ProjectSpec => ({ action: kind, kind });
  return [
    ...(args.releases ? [one("plan")] : [...builds, one("release")]),
    one("deploy"),
    one("verify"),
    one("conclude"),
    ...(args.promoteTo ? [one("promote")] : []),
  ];
}

export interface ProjectContext {
  readonly args: PipelineArgs;
  readonly arns: PipelineArns;
  /** An image of your own; without it, AWS's. */
  readonly builderImage?: pulumi.Output<string>;
  /** Where the bundle is, once it is there. */
  readonly bundleUrl?: pulumi.Input<string>;
}

/** The project of an action, its role and its log. */
export function project(
  name: string,
  spec: ProjectSpec,
  context: ProjectContext,
  parent: pulumi.Resource,
): aws.codebuild.Project {
  const { args, arns } = context;
  const { action, kind, service } = spec;
  const { tags, timeoutMinutes, queueMinutes = defaultQueueMinutes, logRetentionDays = 90 } = args;
  const longest = measured(args);
  return loggedProject(
    `${name}-${action}`,
    {
      ...{ account: arns.account, projectName: args.actionName(action), logRetentionDays, tags },
      logGroupName: actionLogGroup(args, action),
      statements: projectStatements(spec, args, arns),
      measured: projectStatements(spec, longest.args, longest.arns),
      project: {
        description: description(spec, args),
        buildTimeout: timeoutMinutes?.[kind] ?? defaultTimeoutMinutes,
        queuedTimeout: queueMinutes,
        encryptionKey: arns.key,
        source: { type: "CODEPIPELINE", buildspec: projectCommands(args, kind, service).buildspec },
        artifacts: { type: "CODEPIPELINE" },
        environment: {
          ...host(spec, context),
          environmentVariables: projectVariables(args, context, spec),
        },
        // Layers that the host still has from a build before; a cache in S3 takes longer to unpack than it saves.
        cache:
          kind === "build" ? { type: "LOCAL", modes: ["LOCAL_DOCKER_LAYER_CACHE"] } : undefined,
        vpcConfig: kind === "verify" ? verifyVpc(name, args, parent) : undefined,
      },
    },
    parent,
  );
}

function description({ kind, service }: ProjectSpec, { stack }: PipelineArgs): string {
  return service === undefined ? `${kind} of ${stack}` : `${kind} of ${service} in ${stack}`;
}

/** Where an action runs: an image is built on the architecture that it is for, and Docker needs the privilege. */
function host({ kind, service }: ProjectSpec, { args, builderImage }: ProjectContext) {
  // An image of your own is for one architecture: that of the services, on which the other actions run as well then.
  const [first] = Object.keys(args.services);
  const alike = service ?? (builderImage ? first : undefined);
  const arm = alike !== undefined && args.services[alike].architecture === "ARM64";
  const standard = `aws/codebuild/amazonlinux-${arm ? "aarch64" : "x86_64"}-standard:${arm ? "3.0" : "5.0"}`;
  return {
    type: arm ? "ARM_CONTAINER" : "LINUX_CONTAINER",
    image: builderImage ?? standard,
    // Pulumi and its AWS provider do not fit into 4 GB beside npm.
    computeType: runsPulumi(kind) ? "BUILD_GENERAL1_MEDIUM" : "BUILD_GENERAL1_SMALL",
    imagePullCredentialsType: "CODEBUILD",
    privilegedMode: kind === "build",
  };
}
