import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { serviceTrust, type Statement } from "../shared/iam";
import type { ActionKind, PipelineArgs } from "./args";
import { actionLogGroup, type PipelineArns } from "./arns";
import { projectVariables } from "./environment";
import { role } from "./role";
import { buildStatements, releaseStatements, verifyStatements } from "./roles/build";
import { deployedArtifact, deployStatements, planStatements } from "./roles/deploy";
import { promoteStatements } from "./roles/promote";

/** Minutes that an action may take where nothing else is said. */
export const defaultTimeoutMinutes: Readonly<Record<ActionKind, number>> = {
  build: 30,
  release: 15,
  plan: 30,
  deploy: 60,
  verify: 30,
  conclude: 60,
  promote: 30,
};

/** Minutes that an action may wait for a free host. CodeBuild waits eight hours, in which nobody hears of it. */
const queuedTimeoutMinutes = 30;

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
  const builds = Object.keys(args.services).map((service): ProjectSpec => ({
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
  const { tags, timeoutMinutes, logRetentionDays = 90 } = args;
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-${action}`,
    { name: actionLogGroup(args, action), retentionInDays: logRetentionDays, tags },
    { parent },
  );
  const { arn, policy } = role(
    `${name}-${action}`,
    {
      roleName: args.actionName(action),
      trust: serviceTrust("codebuild.amazonaws.com", {
        accountId: arns.account.accountId,
        sourceArn: arns.project(action),
      }),
      statements: statements(spec, context),
      tags,
    },
    parent,
  );
  return new aws.codebuild.Project(
    `${name}-${action}`,
    {
      name: args.actionName(action),
      description: description(spec, args),
      serviceRole: arn,
      buildTimeout: timeoutMinutes?.[kind] ?? defaultTimeoutMinutes[kind],
      queuedTimeout: queuedTimeoutMinutes,
      encryptionKey: arns.key,
      source: { type: "CODEPIPELINE", buildspec: `buildspecs/${buildspec(kind, args)}.yml` },
      artifacts: { type: "CODEPIPELINE" },
      environment: {
        ...host(spec, context),
        environmentVariables: projectVariables(args, arns.account, kind, service),
      },
      // Layers that the host still has from a build before; a cache in S3 takes longer to unpack than it saves.
      cache: kind === "build" ? { type: "LOCAL", modes: ["LOCAL_DOCKER_LAYER_CACHE"] } : undefined,
      logsConfig: { cloudwatchLogs: { groupName: logGroup.name } },
      tags,
    },
    { parent, dependsOn: [policy] },
  );
}

function description({ kind, service }: ProjectSpec, { stack }: PipelineArgs): string {
  return service === undefined ? `${kind} of ${stack}` : `${kind} of ${service} in ${stack}`;
}

/** With `ecs`, the deploy project prepares; its second action names the other buildspec. */
function buildspec(kind: ActionKind, args: PipelineArgs): string {
  return kind === "deploy" && args.deploy === "ecs" ? "prepare" : kind;
}

/** Where an action runs: an image is built on the architecture that it is for, and Docker needs the privilege. */
function host({ kind, service }: ProjectSpec, { args, builderImage }: ProjectContext) {
  const arm = service !== undefined && args.services[service].architecture === "ARM64";
  const standard = `aws/codebuild/amazonlinux-${arm ? "aarch64" : "x86_64"}-standard:${arm ? "3.0" : "5.0"}`;
  // Pulumi and its AWS provider do not fit into 4 GB beside npm.
  const pulumi = kind === "deploy" || kind === "conclude" || kind === "plan";
  return {
    type: arm ? "ARM_CONTAINER" : "LINUX_CONTAINER",
    image: builderImage ?? standard,
    computeType: pulumi ? "BUILD_GENERAL1_MEDIUM" : "BUILD_GENERAL1_SMALL",
    imagePullCredentialsType: "CODEBUILD",
    privilegedMode: kind === "build",
  };
}

function statements(
  { action, kind, service = "" }: ProjectSpec,
  { args, arns }: ProjectContext,
): Statement[] {
  const deployed = deployedArtifact(args);
  switch (kind) {
    case "build":
      return buildStatements(args, arns, service);
    case "release":
      return releaseStatements(args, arns);
    case "plan":
      return planStatements(args, arns);
    case "deploy":
      return deployStatements(args, arns, kind, {
        reads: ["Source", deployed],
        writes: args.deploy === "ecs" ? ["Images"] : [],
      });
    case "verify":
      return verifyStatements(arns, deployed);
    case "conclude":
      return deployStatements(args, arns, kind, { reads: ["Source", deployed, "Verification"] });
    case "promote":
      if (!args.promoteTo) {
        throw new Error(`${action} without promoteTo`);
      }
      return promoteStatements(args, arns, args.promoteTo);
  }
}
