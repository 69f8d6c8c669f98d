import * as pulumi from "@pulumi/pulumi";
import type * as aws from "@pulumi/aws";

/** A repository at GitHub, through a connection. */
export interface GitHubSourceArgs {
  readonly type: "github";
  /** `owner/name`. */
  readonly repository: string;
  readonly branch: string;
  /** The connection, made and authorised in the console. */
  readonly connectionArn: string;
  /** Start only for changes under these patterns, as `app/**`. Without it, for every commit. */
  readonly filePaths?: readonly string[];
}

/** A CodeCommit repository of this account and region. */
export interface CodeCommitSourceArgs {
  readonly type: "codecommit";
  readonly repository: string;
  readonly branch: string;
}

/** An object of a versioned S3 bucket of this account and region, which sends its events to EventBridge. */
export interface S3SourceArgs {
  readonly type: "s3";
  readonly bucket: string;
  readonly key: string;
}

/** Where commits come from. */
export type SourceArgs = GitHubSourceArgs | CodeCommitSourceArgs | S3SourceArgs;

/**
 * An object of a versioned S3 bucket of this account and region: a ZIP file with what actions are told beside the source. Each execution
 * takes the newest version when it begins, and keeps it, also where it is tried again. It starts none.
 */
export interface ConfigSourceArgs {
  readonly bucket: string;
  readonly key: string;
  /** The KMS key of the bucket. Without it, AWS's own. */
  readonly keyArn?: string;
}

/** What the source action reads: a source, or the release bucket that the pipeline makes. */
export type Origin =
  | GitHubSourceArgs
  | CodeCommitSourceArgs
  | (Omit<S3SourceArgs, "bucket"> & { readonly bucket: pulumi.Input<string> });

type SourceAction = Pick<aws.types.input.codepipeline.PipelineStageAction, "provider"> & {
  readonly configuration: Record<string, pulumi.Input<string>>;
};

/** Provider and configuration of the source action. Nothing polls: a trigger or an event starts the pipeline. */
export function sourceAction(origin: Origin): SourceAction {
  switch (origin.type) {
    case "github":
      return {
        provider: "CodeStarSourceConnection",
        configuration: {
          ConnectionArn: origin.connectionArn,
          FullRepositoryId: origin.repository,
          BranchName: origin.branch,
          OutputArtifactFormat: "CODE_ZIP",
          // The pipeline's trigger starts it; CodePipeline's own detection would start it once more for each commit.
          DetectChanges: "false",
        },
      };
    case "codecommit":
      return {
        provider: "CodeCommit",
        configuration: {
          RepositoryName: origin.repository,
          BranchName: origin.branch,
          OutputArtifactFormat: "CODE_ZIP",
          PollForSourceChanges: "false",
        },
      };
    case "s3":
      return {
        provider: "S3",
        configuration: {
          S3Bucket: origin.bucket,
          S3ObjectKey: origin.key,
          PollForSourceChanges: "false",
        },
      };
  }
}

export function configOrigin({ bucket, key }: ConfigSourceArgs): S3SourceArgs {
  return { type: "s3", bucket, key };
}

/** Name of the source action, of its namespace and of its artifact. */
export const source = "Source";

/** Triggers of the pipeline: of a connection alone, which needs no event rule. */
export function pipelineTriggers(
  origin: Origin,
): aws.types.input.codepipeline.PipelineTrigger[] | undefined {
  if (origin.type !== "github") {
    return undefined;
  }
  const { branch, filePaths } = origin;
  const push = {
    branches: { includes: [branch] },
    ...(filePaths ? { filePaths: { includes: [...filePaths] } } : {}),
  };
  return [
    {
      providerType: "CodeStarSourceConnection",
      gitConfiguration: { sourceActionName: source, pushes: [push] },
    },
  ];
}

/** The event that starts the pipeline, and which revision it then takes. */
export interface StartEvent {
  readonly pattern: pulumi.Output<string>;
  readonly inputTransformer: aws.types.input.cloudwatch.EventTargetInputTransformer;
}

/**
 * Each execution takes the revision of its own event: of two that come close together, the second would otherwise be
 * built twice and the first never.
 * @returns undefined for a connection, whose trigger starts the pipeline.
 */
export function startEvent(
  origin: Origin,
  codecommitArn: (repository: string) => pulumi.Input<string>,
): StartEvent | undefined {
  switch (origin.type) {
    case "github":
      return undefined;
    case "codecommit":
      return {
        pattern: pulumi.jsonStringify({
          source: ["aws.codecommit"],
          "detail-type": ["CodeCommit Repository State Change"],
          resources: [codecommitArn(origin.repository)],
          detail: {
            event: ["referenceCreated", "referenceUpdated"],
            referenceType: ["branch"],
            referenceName: [origin.branch],
          },
        }),
        inputTransformer: revision("COMMIT_ID", "$.detail.commitId"),
      };
    case "s3":
      return {
        pattern: pulumi.jsonStringify({
          source: ["aws.s3"],
          "detail-type": ["Object Created"],
          detail: { bucket: { name: [origin.bucket] }, object: { key: [origin.key] } },
        }),
        inputTransformer: revision("S3_OBJECT_VERSION_ID", "$.detail.object.version-id"),
      };
  }
}

function revision(revisionType: string, path: string): StartEvent["inputTransformer"] {
  const override = { actionName: source, revisionType, revisionValue: "<revisionValue>" };
  return {
    inputPaths: { revisionValue: path },
    inputTemplate: JSON.stringify({ sourceRevisions: [override] }),
  };
}
