import { CodeBuildClient, BatchGetProjectsCommand, type Project } from "@aws-sdk/client-codebuild";
import {
  CodePipelineClient,
  GetPipelineCommand,
  type PipelineTriggerDeclaration,
  type StageDeclaration,
} from "@aws-sdk/client-codepipeline";
import type { Connection } from "./connection";

/** A pipeline as CodePipeline has it, with nothing left open. */
export interface Pipeline {
  readonly name: string;
  readonly roleArn: string;
  readonly account: string;
  readonly arn: string;
  readonly artifactStore: ArtifactStore;
  /** `QUEUED`, `SUPERSEDED` or `PARALLEL`; absent: as CodePipeline's default, which is not `PARALLEL`. */
  readonly executionMode?: string;
  readonly stages: readonly Stage[];
  readonly triggers: readonly PipelineTriggerDeclaration[];
}

export interface ArtifactStore {
  readonly bucket: string;
  readonly encryptionKey?: string;
}

export interface Stage {
  readonly name: string;
  readonly actions: readonly Action[];
  /** What is tried once more by itself where an action failed: what failed, or the stage from its beginning. Default: nothing. */
  readonly retries?: "FAILED_ACTIONS" | "ALL_ACTIONS";
}

export interface Action {
  readonly name: string;
  readonly category: string;
  readonly provider: string;
  readonly runOrder: number;
  /** The role that CodePipeline works under for this action. */
  readonly roleArn: string;
  readonly namespace?: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputArtifacts: readonly string[];
  readonly outputArtifacts: readonly string[];
  /** Of an approval. */
  readonly timeoutMinutes?: number;
}

/**
 * Reads a pipeline back, as it was deployed.
 * @throws Error where there is none of that name.
 */
export async function readPipeline(connection: Connection, name: string): Promise<Pipeline> {
  const client = new CodePipelineClient(connection.root);
  const { pipeline } = await client.send(new GetPipelineCommand({ name }));
  if (!pipeline?.roleArn || !pipeline.artifactStore?.location) {
    throw new Error(`the pipeline ${name} has no role or no artifact bucket`);
  }
  const { roleArn } = pipeline;
  const account = accountOf(roleArn);
  return {
    name,
    roleArn,
    account,
    arn: `arn:aws:codepipeline:${connection.region}:${account}:${name}`,
    artifactStore: {
      bucket: pipeline.artifactStore.location,
      encryptionKey: pipeline.artifactStore.encryptionKey?.id,
    },
    executionMode: pipeline.executionMode,
    stages: (pipeline.stages ?? []).map((stage) => ({
      name: stage.name ?? "",
      retries: retriesOf(stage),
      actions: (stage.actions ?? []).map((action) => ({
        name: action.name ?? "",
        category: action.actionTypeId?.category ?? "",
        provider: action.actionTypeId?.provider ?? "",
        runOrder: action.runOrder ?? 1,
        roleArn: action.roleArn ?? roleArn,
        namespace: action.namespace,
        configuration: action.configuration ?? {},
        inputArtifacts: (action.inputArtifacts ?? []).flatMap((a) => a.name ?? []),
        outputArtifacts: (action.outputArtifacts ?? []).flatMap((a) => a.name ?? []),
        timeoutMinutes: action.timeoutInMinutes,
      })),
    })),
    triggers: pipeline.triggers ?? [],
  };
}

function retriesOf({ name, onFailure }: StageDeclaration): Stage["retries"] {
  const { result, retryConfiguration } = onFailure ?? {};
  if (result !== "RETRY") return undefined;
  const mode = retryConfiguration?.retryMode;
  if (mode === "FAILED_ACTIONS" || mode === "ALL_ACTIONS") return mode;
  throw new Error(`stage ${name} retries ${mode}: FAILED_ACTIONS and ALL_ACTIONS can be rehearsed`);
}

/** @throws Error where there is no CodeBuild project of that name. */
export async function readProject(connection: Connection, name: string): Promise<Project> {
  const client = new CodeBuildClient(connection.root);
  const { projects = [] } = await client.send(new BatchGetProjectsCommand({ names: [name] }));
  if (projects.length === 0) throw new Error(`there is no CodeBuild project ${name}`);
  return projects[0];
}

/** `123456789012` of `arn:aws:iam::123456789012:role/x`. */
export function accountOf(arn: string): string {
  return arn.split(":")[4];
}
