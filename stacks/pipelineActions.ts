import * as pulumi from "@pulumi/pulumi";
import type { EcsCluster } from "../components";
import type { PipelineArgs, PipelineServiceArgs } from "../components/pipeline/args";
import { roleArn } from "../components/pipeline/arns";
import type { PipelineActions, ProjectCommands } from "../components/pipeline/commands";
import { accountOf } from "../components/shared/account";
import type { BuildspecName } from "../contract/buildspecs";
import { serviceUrlsText } from "../contract/serviceUrls";
import type { DeliveryTimes } from "../contract/times";
import { exportedVariables, variables } from "../contract/variables";
import { buildspecText } from "./buildspecs";
import { folderInRepository } from "./programFolder";

/** What the commands of an environment's pipeline are told. */
export interface PipelineActionsContext extends Pick<
  PipelineArgs,
  "stack" | "pipelineName" | "source" | "promoteTo" | "deploy"
> {
  /** Of the project of each action: its command ends before. */
  readonly timeoutMinutes: DeliveryTimes["actionMinutes"];
  readonly cluster: Pick<EcsCluster, "clusterArn">;
  readonly services: Readonly<Record<string, PipelineServiceArgs>>;
  /** Whether builds keep their layers for those after them. */
  readonly layerCache: boolean;
}

/**
 * What keeps the layers of builds where Docker's own builder cannot, as in CodeBuild's image. Newer ones are in BuildKit's
 * releases; an image of the suite's own is built of the same version (rehearsal/engine/buildkit).
 */
export const buildkitImage = "moby/buildkit:v0.31.2";

/** Gantry's own actions: each runs the `gantry` command of its name, and is told what that reads. */
export function pipelineActions(context: PipelineActionsContext): PipelineActions {
  const { pipelineName, deploy, promoteTo, timeoutMinutes } = context;
  const execution = executionVariables(context);
  const folder = folderInRepository();
  const commands = (
    name: Exclude<BuildspecName, "preview" | "drift" | "confirm" | "explain">,
    more: ProjectCommands["variables"] = {},
  ) => ({
    buildspec: buildspecText(name),
    variables: {
      [variables.folder]: folder,
      [variables.stack]: context.stack,
      [variables.timeoutMinutes]: String(
        timeoutMinutes[name === "prepare" || name === "settle" ? "deploy" : name],
      ),
      ...more,
    },
    executionVariables: execution,
  });
  const pipeline = { [variables.pipeline]: pipelineName };
  return {
    build: (service) =>
      commands("build", {
        [variables.service]: service,
        ...(context.layerCache ? { [variables.buildkitImage]: buildkitImage } : {}),
      }),
    release: {
      ...commands("release", pipeline),
      executionVariables: { ...execution, ...commitTime(context) },
    },
    plan: commands("plan", pipeline),
    deploy: commands(deploy === "ecs" ? "prepare" : "deploy", pipeline),
    settle: { buildspec: buildspecText("settle"), executionVariables: execution },
    // In the project of conclude.
    confirm: {
      buildspec: buildspecText("confirm"),
      executionVariables: { ...execution, ...pipeline },
    },
    verify: commands("verify", { [variables.serviceUrls]: serviceUrls(context) }),
    conclude: commands("conclude"),
    promote: promoteTo && commands("promote", promotion(promoteTo, context)),
  };
}

/** What explains that tasks fail while nothing is deployed: it has no source, and so no config. */
export function taskFailureCommands(product: string, stack: string) {
  return {
    buildspec: buildspecText("explain"),
    variables: { [variables.product]: product, [variables.stack]: stack },
    serviceVariable: variables.serviceArn,
    eventVariable: variables.serviceEvent,
  };
}

/** What a person who approves is shown. */
export const approvalEvidence = {
  plan: shown("Plan"),
  /** After the verification, with its result. */
  verification: shown("Confirm"),
};

/** The commits are the plan's in any case. */
function shown(by: "Plan" | "Confirm") {
  const { summary, link } = exportedVariables;
  return { text: `#{${by}.${summary}}`, link: `#{Plan.${link}}` };
}

function executionVariables(context: PipelineActionsContext): Record<string, string> {
  return {
    [variables.execution]: "#{codepipeline.PipelineExecutionId}",
    ...(hasCommit(context) ? { [variables.commit]: "#{Source.CommitId}" } : {}),
  };
}

/** The source that an action gets has no history in which git could find it. */
function commitTime(context: PipelineActionsContext): Record<string, string> {
  return hasCommit(context) ? { [variables.committedAt]: "#{Source.AuthorDate}" } : {};
}

/** An object in S3 has no commit: there the source itself says it. */
function hasCommit({ source }: PipelineActionsContext): boolean {
  return source !== undefined && source.type !== "s3";
}

function serviceUrls({ services }: PipelineActionsContext): pulumi.Output<string> {
  const reached = Object.entries(services).flatMap(([service, { url }]) =>
    url === undefined ? [] : [[service, url] as const],
  );
  return pulumi.output(Object.fromEntries(reached)).apply(serviceUrlsText);
}

function promotion(
  promoteTo: NonNullable<PipelineArgs["promoteTo"]>,
  { cluster }: PipelineActionsContext,
): Record<string, pulumi.Input<string>> {
  const own = accountOf(cluster.clusterArn);
  const region = pulumi.output(promoteTo.region ?? own.region);
  const accountId = pulumi.output(promoteTo.accountId ?? own.accountId);
  return {
    [variables.promoteTo]: promoteTo.stack,
    [variables.receiveRoleArn]: roleArn(own, promoteTo.receiveRoleName, promoteTo.accountId),
    [variables.promoteRegion]: region,
    [variables.promoteBucket]: pulumi
      .all([accountId, region])
      .apply(([id, place]) => promoteTo.releaseBucketName(id, place)),
  };
}
