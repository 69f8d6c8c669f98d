import * as pulumi from "@pulumi/pulumi";
import { arnOf, type Account } from "../shared/account";
import type { PipelineArgs } from "./args";

/** An artifact that actions hand on. */
export type Artifact = "Source" | "Release" | "Plan" | "Images" | "Verification";

type Arn = pulumi.Output<string>;

/** The ARNs that the roles of a pipeline are made of: of what exists by its resource, of the rest by its name. */
export interface PipelineArns {
  readonly account: Account;
  readonly pipeline: Arn;
  readonly ledger: Arn;
  readonly pointer: Arn;
  /** The path directly above the pointer. */
  readonly pointerPath: Arn;
  readonly artifactBucket: Arn;
  /** Encrypts artifacts, releases and messages. */
  readonly key: Arn;
  readonly topic: Arn;
  readonly cluster: Arn;
  /** The CodeBuild project of an action. */
  readonly project: (action: string) => Arn;
  /** The log streams of an action. */
  readonly logStreams: (action: string) => Arn;
  /** All versions of an artifact, of every execution. */
  readonly artifact: (artifact: Artifact) => Arn;
}

export interface MadeArns {
  readonly artifactBucket: pulumi.Input<string>;
  readonly key: pulumi.Input<string>;
  readonly topic: pulumi.Input<string>;
  readonly ledger: pulumi.Input<string>;
}

/** CodePipeline cuts the names of artifacts to so many characters when it makes object keys of them. */
const artifactNameLength = 10;

export function pipelineArns(args: PipelineArgs, account: Account, made: MadeArns): PipelineArns {
  const artifactBucket = pulumi.output(made.artifactBucket);
  return {
    account,
    artifactBucket,
    pipeline: arnOf(account, "codepipeline", args.pipelineName),
    ledger: pulumi.output(made.ledger),
    pointer: arnOf(account, "ssm", `parameter${args.pointerName}`),
    pointerPath: arnOf(account, "ssm", `parameter${args.pointerName.replace(/\/[^/]+$/, "")}`),
    key: pulumi.output(made.key),
    topic: pulumi.output(made.topic),
    cluster: pulumi.output(args.cluster.clusterArn),
    project: (action) => arnOf(account, "codebuild", `project/${args.actionName(action)}`),
    logStreams: (action) => arnOf(account, "logs", `log-group:${actionLogGroup(args, action)}:*`),
    artifact: (artifact) => {
      const cut = artifact.length > artifactNameLength ? "*" : "";
      const folder = `${artifact.slice(0, artifactNameLength)}${cut}`;
      return pulumi.interpolate`${artifactBucket}/*/${folder}/*`;
    },
  };
}

/** Where CodeBuild itself would log, so that people find it where they look. */
export function actionLogGroup(args: PipelineArgs, action: string): string {
  return `/aws/codebuild/${args.actionName(action)}`;
}

/** `arn:<partition>:iam::<account>:role/<name>`, of this pipeline's account where none is given. */
export function roleArn(account: Account, name: string, accountId?: string): Arn {
  return pulumi.interpolate`arn:${account.partition}:iam::${accountId ?? account.accountId}:role/${name}`;
}

/** `arn:<partition>:s3:::<path>`. */
export function s3Arn(account: Account, path: pulumi.Input<string>): Arn {
  return pulumi.interpolate`arn:${account.partition}:s3:::${path}`;
}
