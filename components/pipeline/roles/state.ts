import type * as pulumi from "@pulumi/pulumi";
import { decryptSecrets } from "../../service/secretKeys";
import { allow, type Statement } from "../../shared/iam";
import { s3Arn, type PipelineArns } from "../arns";
import type { PipelineArgs, StateArgs } from "../args";
import { useKey } from "./common";
import { secretArn } from "./lookups";

/** Bucket and prefix of a state that is kept in S3. */
export interface StateBucket {
  readonly bucket: string;
  /** Empty, or ending in a slash. */
  readonly prefix: string;
}

type OfStack = Pick<PipelineArgs, "stack" | "state">;
type OfAccount = Pick<PipelineArns, "account">;

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
 * stack, in a Pulumi service by the access token.
 */
export function stateStatements(args: PipelineArgs, arns: PipelineArns): Statement[] {
  if (!args.state) return [];
  const { object, locks, checkpoint, project, stack } = stateObjects(args, args.state, arns);
  return [
    ...readStateStatements(args, arns, { writes: true }),
    ...(stateBucket(args.state)
      ? [
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
        ]
      : []),
  ];
}

/**
 * Reading the state of this stack. A preview reads the checkpoint, and neither locks the stack nor writes (`Preview` and
 * `apply` of pkg/backend/diy/backend.go in Pulumi 3.145 and 3.245; journals are of the Pulumi service alone). Who else
 * holds the lock can be seen.
 */
export function readStateStatements(
  args: OfStack,
  arns: OfAccount,
  { writes }: { readonly writes: boolean } = { writes: false },
): Statement[] {
  const { state } = args;
  if (!state) return [];
  const where = stateBucket(state);
  const secrets = [where ? undefined : state.accessTokenSecret, state.passphraseSecret]
    .filter((reference) => reference !== undefined)
    .map((reference) => secretArn(arns.account, reference));
  return [
    ...(where ? bucketStatements(stateObjects(args, state, arns), arns, where) : []),
    // CodeBuild reads them as the action's role, before its first command.
    ...(secrets.length > 0
      ? [
          allow(["secretsmanager:GetSecretValue"], secrets),
          ...decryptSecrets(arns.account, { secretsManager: secrets }),
        ]
      : []),
    // Pulumi itself asks KMS, for the secrets of the stack; S3 does, for a bucket under the key.
    ...(state.keyArn ? useKey(arns, state.keyArn, { writes }) : []),
  ];
}

function bucketStatements(
  { root, object, locks, checkpoint, project, stack }: ReturnType<typeof stateObjects>,
  arns: OfAccount,
  { bucket }: StateBucket,
): Statement[] {
  return [
    // IfExists: Pulumi reads objects that may not be there (the tags of a stack), and who may not list the bucket is told
    // 403 of them and not 404. That request has no prefix. So names of other states can be listed, never what is in them.
    allow(["s3:ListBucket"], [s3Arn(arns.account, bucket)], {
      StringLikeIfExists: {
        "s3:prefix": [
          `${root}/stacks/${project}/*`,
          `${root}/locks/organization/${project}/${stack}/*`,
          `${root}/history/${project}/${stack}/*`,
          `${root}/backups/${project}/${stack}/*`,
        ],
      },
    }),
    allow(["s3:GetObject"], [object("meta.yaml"), object(checkpoint), object(locks)]),
  ];
}

function stateObjects({ stack }: OfStack, state: StateArgs, { account }: OfAccount) {
  const { bucket = "", prefix = "" } = stateBucket(state) ?? {};
  const { project } = state;
  const root = `${prefix}.pulumi`;
  return {
    ...{ root, project, stack },
    object: (key: string): pulumi.Input<string> => s3Arn(account, `${bucket}/${root}/${key}`),
    locks: `locks/organization/${project}/${stack}/*`,
    // `<stack>.json` beside its `.bak`, `.gz` and `.attrs`: the dot keeps out stacks whose names begin alike.
    checkpoint: `stacks/${project}/${stack}.*`,
  };
}
