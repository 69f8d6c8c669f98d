import * as pulumi from "@pulumi/pulumi";
import { PullRequestProject, PullRequestRole, type Pipeline } from "../components";
import { variables } from "../contract/variables";
import { buildspecText } from "./buildspecs";
import type { EnvironmentConfig } from "./config";
import { literalSecrets } from "./config/containers";
import { lookups, pipelineConfigSource, pipelineState, type PipelineContext } from "./pipeline";
import { folderInRepository } from "./programFolder";

type Config = NonNullable<EnvironmentConfig["pullRequests"]>;

type Context = Pick<
  PipelineContext,
  "config" | "names" | "cluster" | "tags" | "options" | "ownLookups"
> & {
  /** Undefined where config has none. */
  readonly pipeline?: Pick<Pipeline, "bundle">;
};

/**
 * What previews the stack's pull requests: the role that a workflow of GitHub's takes on, or a project of CodeBuild.
 * @returns the ARN of the role; undefined where it is a project.
 */
export function createPullRequests(
  given: Config,
  context: Context,
): pulumi.Output<string> | undefined {
  if (given.codeBuild) {
    createProject(given, given.codeBuild, context);
    return undefined;
  }
  return createRole(given, context).roleArn;
}

function createRole({ repository, provider }: Config, context: Context): PullRequestRole {
  const { config, names, options } = context;
  const { backendUrl, keyArn } = config.pipeline?.state ?? {};
  return new PullRequestRole(
    names.prefix,
    {
      ...{ repository, provider },
      ...previewed(context),
      // Without its secrets, which the workflow has as its own.
      state:
        backendUrl === undefined ? undefined : { backendUrl, keyArn, project: pulumi.getProject() },
    },
    options,
  );
}

function createProject(
  { repository }: Config,
  { connectionArn }: NonNullable<Config["codeBuild"]>,
  context: Context,
): PullRequestProject {
  const { config, names, options, pipeline } = context;
  if (!pipeline?.bundle || !config.pipeline) {
    throw new pulumi.RunError("gantry:pullRequests.codeBuild needs gantry:pipeline");
  }
  return new PullRequestProject(
    names.prefix,
    {
      ...{ repository, connectionArn },
      ...previewed(context),
      projectName: names.action("preview"),
      buildspec: buildspecText("preview"),
      variables: { [variables.folder]: folderInRepository(), [variables.stack]: config.stack },
      bundle: pipeline.bundle,
      state: pipelineState(config.pipeline, names),
      logRetentionDays: config.logs.retentionDays,
    },
    options,
  );
}

/** The stack, as both know it. */
function previewed({ config, names, cluster, tags, ownLookups }: Context) {
  return {
    ...{ stack: config.stack, tags },
    ofAccount: cluster.clusterArn,
    pointerName: names.releasePointer,
    services: Object.fromEntries(
      Object.entries(config.services).map(([name, service]) => [
        name,
        { secrets: literalSecrets(service) },
      ]),
    ),
    lookups: { ...lookups(config), also: ownLookups },
    config: config.pipeline && pipelineConfigSource(config.pipeline, config.stack),
  };
}
