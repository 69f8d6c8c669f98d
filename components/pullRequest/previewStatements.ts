import type * as pulumi from "@pulumi/pulumi";
import type { LookupArgs, StateArgs } from "../pipeline/args";
import { s3Arn } from "../pipeline/arns";
import { lookupStatements } from "../pipeline/roles/lookups";
import { useKey } from "../pipeline/roles/common";
import { readStateStatements } from "../pipeline/roles/state";
import type { ConfigSourceArgs } from "../pipeline/source";
import { arnOf, type Account } from "../shared/account";
import { allow, type Statement } from "../shared/iam";

/** A stack that pull requests preview. */
export interface PreviewedStackArgs {
  /** An ARN of the stack's region and account. */
  readonly ofAccount: pulumi.Input<string>;
  /** The Pulumi stack that is previewed. */
  readonly stack: string;
  /** The SSM parameter that says which release runs. */
  readonly pointerName: string;
  /** Secrets that the services name, by service: they are found, and never read. */
  readonly services: Readonly<
    Record<string, { readonly secrets?: Readonly<Record<string, string>> }>
  >;
  readonly lookups?: LookupArgs;
  /** Where the stack's config is kept beside the repository. Without it, in the repository. */
  readonly config?: ConfigSourceArgs;
}

/** What `pulumi preview` asks AWS of a stack; nothing that changes anything, passes a role or reads a secret. */
export function previewStatements(
  args: PreviewedStackArgs & { readonly state?: StateArgs },
  account: Account,
): Statement[] {
  const { stack, pointerName, services, lookups, state, config } = args;
  const path = pointerName.replace(/\/[^/]+$/, "");
  return [
    allow(["ssm:GetParametersByPath"], [arnOf(account, "ssm", `parameter${path}`)]),
    // Whether the release's repositories are there still: all of the registry are listed, for which ECR takes no narrower resource.
    allow(["ecr:DescribeRepositories"], [arnOf(account, "ecr", "repository/*")]),
    ...lookupStatements({ services, lookups }, { account }),
    ...(state ? readStateStatements({ stack, state }, { account }) : []),
    ...(config ? configStatements(config, account) : []),
  ];
}

/** CodeBuild asks where the bucket is, and whose ("Create a CodeBuild service role", CodeBuild user guide). */
function configStatements(
  { bucket, key, keyArn }: ConfigSourceArgs,
  account: Account,
): Statement[] {
  return [
    allow(["s3:GetBucketAcl", "s3:GetBucketLocation"], [s3Arn(account, bucket)]),
    allow(["s3:GetObject", "s3:GetObjectVersion"], [s3Arn(account, `${bucket}/${key}`)]),
    ...(keyArn === undefined
      ? []
      : useKey({ account }, keyArn, { writes: false, services: ["s3"] })),
  ];
}
