import type * as pulumi from "@pulumi/pulumi";
import { arnOf, text } from "../../shared/account";
import { connectionPrefix } from "../../shared/connection";
import { allow, type Statement } from "../../shared/iam";
import { s3Arn, type PipelineArns } from "../arns";
import type { ConfigSourceArgs, Origin } from "../source";
import { useKey } from "./common";

/** The pipeline itself: starts its own projects, hands artifacts on, asks people, and takes on the roles of actions. */
export function orchestrateStatements(
  arns: PipelineArns,
  projects: readonly string[],
  actionRoleArns: readonly pulumi.Input<string>[],
): Statement[] {
  return [
    allow(
      ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"],
      projects.map(arns.project),
    ),
    allow(["s3:GetBucketLocation", "s3:GetBucketVersioning"], [arns.artifactBucket]),
    allow(["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"], [arns.artifacts]),
    ...useKey(arns, arns.key, { writes: true, services: ["s3"] }),
    allow(["sts:AssumeRole"], actionRoleArns),
  ];
}

/** The source actions: read one source, and config where it is kept apart, and leave their artifacts. */
export function sourceStatements(
  arns: PipelineArns,
  source: Origin,
  config?: ConfigSourceArgs,
): Statement[] {
  return [
    ...originStatements(arns, source),
    ...(config ? bucketOrigin(arns, config.bucket, config.key) : []),
    ...(config?.keyArn === undefined
      ? []
      : useKey(arns, config.keyArn, { writes: false, services: ["s3"] })),
    allow(["s3:GetBucketLocation", "s3:GetBucketVersioning"], [arns.artifactBucket]),
    // CodePipeline names an ACL with what it writes, which the bucket then ignores.
    allow(["s3:PutObject", "s3:PutObjectAcl"], arns.sources),
    ...useKey(arns, arns.key, { writes: true, services: ["s3"] }),
  ];
}

function originStatements(arns: PipelineArns, source: Origin): Statement[] {
  switch (source.type) {
    case "github": {
      const prefix = connectionPrefix(source.connectionArn);
      return [
        allow([`${prefix}:UseConnection`], [source.connectionArn], {
          // CodePipeline first asks without naming a repository.
          "ForAllValues:StringEquals": { [`${prefix}:FullRepositoryId`]: [source.repository] },
        }),
      ];
    }
    case "codecommit":
      return [
        allow(
          [
            "codecommit:CancelUploadArchive",
            "codecommit:GetBranch",
            "codecommit:GetCommit",
            "codecommit:GetRepository",
            "codecommit:GetUploadArchiveStatus",
            "codecommit:UploadArchive",
          ],
          [arnOf(arns.account, "codecommit", source.repository)],
        ),
      ];
    case "s3":
      return bucketOrigin(arns, source.bucket, source.key);
  }
}

/** Reading one object of a bucket; without the right to list it, one that is missing would look forbidden. */
export function bucketOrigin(
  { account }: PipelineArns,
  bucket: pulumi.Input<string>,
  key: string,
): Statement[] {
  return [
    allow(
      ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:ListBucket"],
      [s3Arn(account, bucket)],
    ),
    allow(
      ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"],
      [s3Arn(account, text`${bucket}/${key}`)],
    ),
  ];
}

/** The event rule: starts this pipeline. */
export function startStatements(arns: PipelineArns): Statement[] {
  return [allow(["codepipeline:StartPipelineExecution"], [arns.pipeline])];
}
