import type * as pulumi from "@pulumi/pulumi";
import { arnOf, type Account } from "../../shared/account";
import { allow, type Statement } from "../../shared/iam";
import { parseSecretReference } from "../../service/secretReference";
import type { Artifact, PipelineArns } from "../arns";

/** A token is for a whole registry: AWS offers nothing narrower. */
export const registryToken: Statement = allow(["ecr:GetAuthorizationToken"], "*");

export const pullActions = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
] as const;

export const pushActions = [
  "ecr:CompleteLayerUpload",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
] as const;

/** Looking at images, their scans and where their repository is. */
export const inspectActions = [
  "ecr:DescribeImages",
  "ecr:DescribeImageScanFindings",
  "ecr:DescribeRepositories",
] as const;

export interface ActionArtifacts {
  readonly reads: readonly Artifact[];
  readonly writes?: readonly Artifact[];
}

/** What every CodeBuild action needs: its log, and the artifacts that it is handed and hands on, no others. */
export function actionStatements(
  arns: PipelineArns,
  action: string,
  { reads, writes = [] }: ActionArtifacts,
): Statement[] {
  return [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], [arns.logStreams(action)]),
    allow(["s3:GetBucketAcl", "s3:GetBucketLocation"], [arns.artifactBucket]),
    allow(["s3:GetObject", "s3:GetObjectVersion"], reads.map(arns.artifact)),
    ...(writes.length > 0 ? [allow(["s3:PutObject"], writes.map(arns.artifact))] : []),
    useKey(arns.key, writes.length > 0),
  ];
}

/** Reading what a key encrypts, and writing where `writes`. */
export function useKey(key: pulumi.Input<string>, writes: boolean): Statement {
  return allow(
    ["kms:Decrypt", ...(writes ? ["kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"] : [])],
    [key],
  );
}

/**
 * The ARN of a secret in Secrets Manager. One that is given by its name ends in six characters that AWS chose: naming
 * them by place takes no look-up, and matches no longer name.
 */
export function secretArn(account: Account, reference: string): pulumi.Input<string> {
  const parsed = parseSecretReference(reference);
  switch (parsed.kind) {
    case "secretsManagerArn":
      return parsed.secretArn;
    case "secretsManagerName":
      return arnOf(account, "secretsmanager", `secret:${parsed.name}-??????`);
    case "parameterArn":
      return parsed.arn;
    case "parameterName":
      return arnOf(account, "ssm", `parameter${parsed.name}`);
  }
}
