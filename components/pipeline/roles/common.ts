import type * as pulumi from "@pulumi/pulumi";
import { allow, viaServices, type Statement } from "../../shared/iam";
import type { Artifact, PipelineArns } from "../arns";

/** A token is for a whole registry: AWS offers nothing narrower. */
export const registryToken: Statement = allow(["ecr:GetAuthorizationToken"], "*");

export const pullActions = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
] as const;

/** What has ECR fetch an image of another registry, and make the repository that it is kept in ("IAM permissions required to sync an upstream registry", ECR user guide). */
export const importActions = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"] as const;

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
  /** Beside what source actions leave. Without it, nothing. */
  readonly reads?: readonly Artifact[];
  readonly writes?: readonly Artifact[];
  /** ARNs of objects that its commands write themselves. */
  readonly puts?: readonly pulumi.Input<string>[];
  /** What its commands do with the ledger, which has the same key. Without it, nothing. */
  readonly ledger?: "reads" | "writes";
}

/** What every CodeBuild action needs: its log, and the artifacts that it is handed and hands on, no others. */
export function actionStatements(
  arns: PipelineArns,
  action: string,
  { reads = [], writes = [], puts = [], ledger }: ActionArtifacts,
): Statement[] {
  const written = [...writes.map(arns.artifact), ...puts];
  return [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], [arns.logStreams(action)]),
    allow(["s3:GetBucketAcl", "s3:GetBucketLocation"], [arns.artifactBucket]),
    allow(["s3:GetObject", "s3:GetObjectVersion"], [...arns.sources, ...reads.map(arns.artifact)]),
    ...(arns.bundles ? [allow(["s3:GetObject"], [arns.bundles])] : []),
    ...(written.length > 0 ? [allow(["s3:PutObject"], written)] : []),
    ...useKey(arns, arns.key, {
      writes: written.length > 0 || ledger === "writes",
      services: ledger ? ["dynamodb", "s3"] : ["s3"],
    }),
  ];
}

/** What was kept to run Pulumi. */
export function readInstallations({ installations }: PipelineArns): Statement[] {
  return installations ? [allow(["s3:GetObject"], [installations])] : [];
}

export interface KeyUse {
  /** Beside reading what the key encrypts. */
  readonly writes: boolean;
  /** The services that use the key for the role, such as `s3`. Without it, the role asks KMS itself. */
  readonly services?: readonly string[];
}

/** Reading what a key encrypts, and writing where `writes`. */
export function useKey(
  { account }: Pick<PipelineArns, "account">,
  key: pulumi.Input<string>,
  { writes, services }: KeyUse,
): Statement[] {
  const actions = ["kms:Decrypt", ...(writes ? ["kms:Encrypt", "kms:GenerateDataKey"] : [])];
  return [
    allow(actions, [key], services && viaServices(account, services)),
    // No service asks for it in the name of the role: CodePipeline looks at the key before it writes.
    ...(writes ? [allow(["kms:DescribeKey"], [key])] : []),
  ];
}
