import type * as pulumi from "@pulumi/pulumi";
import { arnOf, text } from "../../shared/account";
import { allow, single, type Statement } from "../../shared/iam";
import { repositoryArns } from "../builds";
import { roleArn, type PipelineArns } from "../arns";
import type { PipelineArgs, PromoteToArgs, ReleasesArgs } from "../args";
import {
  actionStatements,
  inspectActions,
  pullActions,
  pushActions,
  readInstallations,
  registryToken,
  useKey,
} from "./common";
import { deployedArtifact } from "./deploy";

/** Hands a verified release on: everything there is done as the one role that the next environment offers for it. */
export function promoteStatements(
  args: PipelineArgs,
  arns: PipelineArns,
  promoteTo: PromoteToArgs,
): Statement[] {
  return [
    ...actionStatements(arns, "promote", {
      reads: [deployedArtifact(args), "Verification"],
      ledger: "reads",
    }),
    ...readInstallations(arns),
    allow(["dynamodb:GetItem", "dynamodb:Query"], [arns.ledger]),
    allow(
      ["sts:AssumeRole"],
      [roleArn(arns.account, promoteTo.receiveRoleName, promoteTo.accountId)],
    ),
  ];
}

/** Receives a release: copies images from the environment before into the own repositories, and leaves the bundle. */
export function receiveStatements(
  args: PipelineArgs,
  arns: PipelineArns,
  { from, objectKey }: ReleasesArgs,
  releaseBucketArn: pulumi.Input<string>,
): Statement[] {
  const { account } = arns;
  const place = {
    partition: account.partition,
    region: from.region ?? account.region,
    accountId: from.accountId ?? account.accountId,
  };
  return [
    registryToken,
    allow(
      [...pullActions, "ecr:DescribeImages", "ecr:DescribeRepositories"],
      from.repositoryNames.map((name) => arnOf(place, "ecr", `repository/${name}`)),
    ),
    allow(
      [...pullActions, ...pushActions, ...inspectActions],
      repositoryArns(Object.values(args.services)),
    ),
    // Without the right to list, a bundle that is not there yet would look forbidden.
    allow(["s3:ListBucket"], [releaseBucketArn]),
    allow(
      ["s3:GetObject", "s3:PutObject"],
      [text`${releaseBucketArn}/${objectKey}`, ...(arns.installations ? [arns.installations] : [])],
    ),
    ...useKey(arns, arns.key, { writes: true, services: ["s3"] }),
  ];
}

/** Trust in the promote role of the environment before. */
export function receiveTrust({ account }: PipelineArns, { from }: ReleasesArgs): Statement {
  return trustIn(account, from.accountId, [from.promoteRoleName]);
}

/** Says what ran in this environment, and what people noted about it. */
export function historyStatements(arns: PipelineArns): Statement[] {
  return [
    // The lock as well: the pipeline that asks may be of an earlier version, which reads it.
    allow(["dynamodb:GetItem", "dynamodb:Query"], [arns.ledger]),
    ...useKey(arns, arns.key, { writes: false, services: ["dynamodb"] }),
  ];
}

/** Trust in the roles of the environment after this one. */
export function historyTrust(
  { account }: PipelineArns,
  { accountId, history }: PromoteToArgs,
): Statement {
  return trustIn(account, accountId, history?.readerRoleNames ?? []);
}

/** Trust in roles of an account that need not exist yet: only then can they be principals. */
function trustIn(
  account: PipelineArns["account"],
  accountId: string | undefined,
  roleNames: readonly string[],
): Statement {
  return {
    Effect: "Allow",
    Principal: { AWS: text`arn:${account.partition}:iam::${accountId ?? account.accountId}:root` },
    Action: "sts:AssumeRole",
    Condition: {
      ArnEquals: {
        "aws:PrincipalArn": single(roleNames.map((name) => roleArn(account, name, accountId))),
      },
    },
  };
}
