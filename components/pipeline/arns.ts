import type * as pulumi from "@pulumi/pulumi";
import { arnOf, changed, text, type Account } from "../shared/account";
import type { InstallationsArgs, PipelineArgs } from "./args";

/** An artifact that actions hand on. */
export type Artifact = "Source" | "Config" | "Release" | "Plan" | "Images" | "Verification";

/** The stage in which releases are deployed. */
export const deployStage = "Deploy";

type Arn = pulumi.Input<string>;

/** The ARNs that the roles of a pipeline are made of: of what exists by its resource, of the rest by its name. */
export interface PipelineArns {
  readonly account: Account;
  readonly pipeline: Arn;
  /** Its stage in which releases are deployed. */
  readonly deployStage: Arn;
  /** The state machine that tries this stage again; undefined where nothing does. */
  readonly deployRetry?: Arn;
  readonly ledger: Arn;
  readonly pointer: Arn;
  /** The path directly above the pointer. */
  readonly pointerPath: Arn;
  readonly artifactBucket: Arn;
  /** Encrypts artifacts and releases. */
  readonly key: Arn;
  /** Where people are told, and its key; undefined where they are not. */
  readonly topic?: { readonly arn: Arn; readonly key: Arn };
  readonly cluster: Arn;
  /** The CodeBuild project of an action. */
  readonly project: (action: string) => Arn;
  /** The log streams of an action. */
  readonly logStreams: (action: string) => Arn;
  /** All versions of an artifact, of every execution. */
  readonly artifact: (artifact: Artifact) => Arn;
  /** What every action is handed: `Source`, and `Config` where the pipeline has it. */
  readonly sources: readonly Arn[];
  /** All artifacts of the pipeline. */
  readonly artifacts: Arn;
  /** The results of a service's builds, of every execution. */
  readonly buildResult: (service: string) => Arn;
  /** The results of all builds. */
  readonly buildResults: Arn;
  /** The repository of images that were copied from elsewhere, for builds to begin with; undefined where none is named. */
  readonly mirror?: Arn;
  /** The repositories that pull through cache rules fill. */
  readonly pulledThrough: readonly Arn[];
  /** What is kept to run Pulumi; undefined where nothing is. */
  readonly installations?: Arn;
  /** What actions fetch beside their artifacts, of this update and of earlier ones; undefined where there is nothing. */
  readonly bundles?: Arn;
}

export interface MadeArns {
  readonly artifactBucket: Arn;
  readonly key: Arn;
  readonly ledger: Arn;
}

/**
 * CodePipeline cuts names to so many characters when it makes object keys of them: `<pipeline>/<artifact>/<id>`
 * ("Location" of the artifact store, AWS CloudFormation reference; repost.aws, "Code Pipeline truncates folder names").
 */
const pipelineNameLength = 20;
const artifactNameLength = 10;

export function pipelineArns(args: PipelineArgs, account: Account, made: MadeArns): PipelineArns {
  const folder = text`${made.artifactBucket}/${cut(args.pipelineName, pipelineNameLength)}`;
  const artifact = (name: Artifact) => text`${folder}/${cut(name, artifactNameLength)}/*`;
  return {
    account,
    ...made,
    pipeline: arnOf(account, "codepipeline", args.pipelineName),
    deployStage: arnOf(account, "codepipeline", `${args.pipelineName}/${deployStage}`),
    deployRetry:
      args.deployRetryName === undefined
        ? undefined
        : arnOf(account, "states", `stateMachine:${args.deployRetryName}`),
    topic: args.notifications && {
      arn: args.notifications.topicArn,
      key: args.notifications.keyArn,
    },
    pointer: arnOf(account, "ssm", `parameter${args.pointerName}`),
    pointerPath: arnOf(account, "ssm", `parameter${args.pointerName.replace(/\/[^/]+$/, "")}`),
    cluster: args.cluster.clusterArn,
    project: (action) => arnOf(account, "codebuild", `project/${args.actionName(action)}`),
    logStreams: (action) => arnOf(account, "logs", `log-group:${actionLogGroup(args, action)}:*`),
    artifact,
    sources: sourceArtifacts(args).map(artifact),
    artifacts: text`${folder}/*`,
    buildResult: (service) => text`${made.artifactBucket}/${resultsPrefix}/*/${service}.json`,
    buildResults: text`${made.artifactBucket}/${resultsPrefix}/*`,
    mirror:
      args.mirrorRepositoryName === undefined
        ? undefined
        : arnOf(account, "ecr", `repository/${args.mirrorRepositoryName}`),
    pulledThrough: (args.pullThroughPrefixes ?? []).map((prefix) =>
      arnOf(account, "ecr", `repository/${prefix}/*`),
    ),
    installations: args.installations && installationsArn(args, args.installations, account, made),
    bundles: args.bundle && text`${made.artifactBucket}/${bundlesPrefix}/*`,
  };
}

/** Releases come with what their actions need, and that is where they arrive. */
function installationsArn(
  { releases }: PipelineArgs,
  { prefix }: InstallationsArgs,
  account: Account,
  { artifactBucket }: MadeArns,
): Arn {
  if (!releases) return text`${artifactBucket}/${prefix}/*`;
  const { accountId, region } = account;
  const bucket = changed([accountId, region], ([id, place]) => releases.bucketName(id, place));
  return s3Arn(account, text`${bucket}/${prefix}/*`);
}

/** What source actions leave, the one that actions work in first. */
export function sourceArtifacts({ config }: Pick<PipelineArgs, "config">): Artifact[] {
  return ["Source", ...(config ? (["Config"] as const) : [])];
}

/** Where results of builds are, beside the folder that CodePipeline makes. */
const resultsPrefix = "results";

/** Where bundles are. */
export const bundlesPrefix = "bundles";

/** What every object in the artifact bucket that an execution leaves begins with. */
export function executionPrefixes({ pipelineName }: PipelineArgs): string[] {
  const folder = cut(pipelineName, pipelineNameLength);
  return [folder.endsWith("*") ? folder.slice(0, -1) : `${folder}/`, `${resultsPrefix}/`];
}

/** `s3://<bucket>/results`. */
export function resultsUrl({ artifactBucket }: PipelineArns): Arn {
  return text`${objectUrl(artifactBucket)}/${resultsPrefix}`;
}

/** `s3://<bucket>/<prefix>`. */
export function installationsUrl(installations: Arn): Arn {
  return changed([objectUrl(installations)], ([url]) => url.replace(/\/\*$/, ""));
}

/** Of a bucket or its objects. A mock's ARN, which need not be S3's, stays readable. */
function objectUrl(arn: Arn): Arn {
  return changed([arn], ([one]) => one.replace(/^(arn:[^:]+:s3:::)?/, "s3://"));
}

/** The part of a name that stands in object keys. Behind a name that was cut may stand what AWS puts there. */
function cut(name: string, length: number): string {
  return name.length > length ? `${name.slice(0, length)}*` : name;
}

/** Where CodeBuild itself would log, so that people find it where they look. */
export function actionLogGroup(args: PipelineArgs, action: string): string {
  return `/aws/codebuild/${args.actionName(action)}`;
}

/** `arn:<partition>:iam::<account>:role/<name>`, of this pipeline's account where none is given. */
export function roleArn(account: Account, name: string, accountId?: string): Arn {
  return text`arn:${account.partition}:iam::${accountId ?? account.accountId}:role/${name}`;
}

/** `arn:<partition>:s3:::<path>`. */
export function s3Arn(account: Account, path: Arn): Arn {
  return text`arn:${account.partition}:s3:::${path}`;
}
