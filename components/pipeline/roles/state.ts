import type * as pulumi from "@pulumi/pulumi";
import { allow, type Statement } from "../../shared/iam";
import { s3Arn, type PipelineArns } from "../arns";
import type { PipelineArgs, StateArgs } from "../args";
import { secretArn, useKey } from "./common";

/** Bucket and prefix of a state that is kept in S3. */
export interface StateBucket {
  readonly bucket: string;
  /** Empty, or ending in a slash. */
  readonly prefix: string;
}

/** Where the backend is an S3 bucket: which, and under what prefix. */
export function stateBucket({ backendUrl }: StateArgs): StateBucket | undefined {
  const [, bucket, path = ""] = /^s3:\/\/([^/?]+)(?:\/([^?]*))?/.exec(backendUrl) ?? [];
  if (bucket === undefined) {
    return undefined;
  }
  const prefix = path.replace(/\/+$/, "");
  return { bucket, prefix: prefix === "" ? "" : `${prefix}/` };
}

/**
 * Reading and writing the state of this stack and of no other: in a bucket by the folders that Pulumi keeps of each
 * stack, in a Pulumi service by the access token. A preview takes the lock too.
 */
export function stateStatements(args: PipelineArgs, arns: PipelineArns): Statement[] {
  const { state } = args;
  const where = stateBucket(state);
  const secrets = [where ? undefined : state.accessTokenSecret, state.passphraseSecret].filter(
    (reference) => reference !== undefined,
  );
  return [
    ...(where ? bucketStatements(args, arns, where) : []),
    // CodeBuild reads them as the action's role, before its first command.
    ...(secrets.length > 0
      ? [
          allow(
            ["secretsmanager:GetSecretValue"],
            secrets.map((reference) => secretArn(arns.account, reference)),
          ),
        ]
      : []),
    ...(state.keyArn ? [useKey(state.keyArn, true)] : []),
  ];
}

function bucketStatements(
  { state, stack }: PipelineArgs,
  { account }: PipelineArns,
  { bucket, prefix }: StateBucket,
): Statement[] {
  const { project } = state;
  const root = `${prefix}.pulumi`;
  const object = (key: string): pulumi.Output<string> => s3Arn(account, `${bucket}/${root}/${key}`);
  const locks = `locks/organization/${project}/${stack}/*`;
  // `<stack>.json` beside its `.bak`, `.gz` and `.attrs`: the dot keeps out stacks whose names begin alike.
  const checkpoint = `stacks/${project}/${stack}.*`;
  return [
    allow(["s3:ListBucket"], [s3Arn(account, bucket)], {
      StringLike: {
        "s3:prefix": [
          `${root}/stacks/${project}/*`,
          `${root}/locks/organization/${project}/${stack}/*`,
          `${root}/history/${project}/${stack}/*`,
          `${root}/backups/${project}/${stack}/*`,
        ],
      },
    }),
    allow(["s3:GetObject"], [object("meta.yaml")]),
    allow(
      ["s3:GetObject", "s3:PutObject"],
      [
        object(checkpoint),
        object(locks),
        object(`history/${project}/${stack}/*`),
        object(`backups/${project}/${stack}/*`),
      ],
    ),
    // Locks are given back, and a checkpoint that changes its format is written anew: versions stay with the bucket.
    allow(["s3:DeleteObject"], [object(checkpoint), object(locks)]),
  ];
}
