import type * as pulumi from "@pulumi/pulumi";
import { arnOf, changed } from "../../shared/account";
import { allow, viaServices, type Statement } from "../../shared/iam";
import { repositoryArns } from "../builds";
import { roleArn, s3Arn, type Artifact, type PipelineArns } from "../arns";
import type { PipelineArgs } from "../args";
import {
  actionStatements,
  inspectActions,
  pullActions,
  readInstallations,
  registryToken,
  type ActionArtifacts,
} from "./common";
import { lookupStatements } from "./lookups";
import { readStateStatements, stateStatements } from "./state";
import {
  alarmStatements,
  compareStatements,
  describeStatements,
  registerStatements,
  releaseCommandStatements,
  shiftStatements,
  updateStatements,
} from "./taskRights";

/** Partition of the ledger in which the lock stands, alone. */
const lockPartition = "lock";

/** Prepares the deployment of a release: looks at everything that a deployment changes, and changes none of it. */
export function planStatements(args: PipelineArgs, arns: PipelineArns): Statement[] {
  const artifacts: ActionArtifacts = { writes: ["Plan"] };
  return [
    ...actionStatements(arns, "plan", { ...artifacts, ledger: "reads" }),
    ...readStateStatements(args, arns),
    ...readStatements(args, arns),
    ...gateStatements(args, arns),
    ...tellStatements(arns),
    // Which commits an approval is about, and which executions wait for one: those are stopped.
    allow(
      [
        "codepipeline:GetPipelineExecution",
        "codepipeline:GetPipelineState",
        "codepipeline:StopPipelineExecution",
      ],
      [arns.pipeline],
    ),
  ];
}

/** Deploys a release: task definitions, services, release commands, the pointer and the ledger of one environment. */
export function deployStatements(
  args: PipelineArgs,
  arns: PipelineArns,
  artifacts: ActionArtifacts,
): Statement[] {
  return [
    ...actionStatements(arns, "deploy", { ...artifacts, ledger: "writes" }),
    ...changeStatements(args, arns),
    // Whether a newer one has stopped its own execution.
    ...(args.releases ? [allow(["codepipeline:GetPipelineExecution"], [arns.pipeline])] : []),
    // Whether people have approved what an older one has deployed, which is stopped where they have not.
    ...(args.approval?.after
      ? [
          allow(
            ["codepipeline:ListActionExecutions", "codepipeline:StopPipelineExecution"],
            [arns.pipeline],
          ),
        ]
      : []),
    ...gateStatements(args, arns),
    ...retryStatements(arns),
    ...releaseCommandStatements(args, arns),
  ];
}

/** Says whether a release is good, or takes it back: the same, but no release command, which nobody takes back. */
export function concludeStatements(
  args: PipelineArgs,
  arns: PipelineArns,
  artifacts: ActionArtifacts,
): Statement[] {
  return [
    ...actionStatements(arns, "conclude", { ...artifacts, ledger: "writes" }),
    ...changeStatements(args, arns),
    // Whether its own execution was approved.
    ...(args.approval?.after
      ? [allow(["codepipeline:ListActionExecutions"], [arns.pipeline])]
      : []),
    ...compareStatements(args),
  ];
}

function changeStatements(args: PipelineArgs, arns: PipelineArns): Statement[] {
  return [
    ...stateStatements(args, arns),
    // Tags of repositories never move: this puts another one on an image that is there.
    ...readStatements(args, arns, ["ecr:PutImage"]),
    ...recordStatements(arns),
    ...updateStatements(args, arns),
    ...registerStatements(args, arns),
    ...shiftStatements(args, arns),
    ...alarmStatements(arns),
    ...tellStatements(arns),
  ];
}

/** People are told by it, and SNS uses the topic's key for whoever publishes. */
export function tellStatements({
  account,
  topic,
}: Pick<PipelineArns, "account" | "topic">): Statement[] {
  if (!topic) return [];
  return [
    allow(["sns:Publish"], [topic.arn]),
    allow(["kms:Decrypt", "kms:GenerateDataKey"], [topic.key], viaServices(account, ["sns"])),
  ];
}

function readStatements(
  args: PipelineArgs,
  arns: PipelineArns,
  onRepositories: readonly string[] = [],
): Statement[] {
  const { account } = arns;
  const services = Object.values(args.services);
  const newest = newestRelease(args, arns);
  return [
    ...readInstallations(arns),
    ...lookupStatements(args, arns),
    allow(["dynamodb:GetItem", "dynamodb:Query"], [arns.ledger]),
    allow(["ssm:GetParameter", "ssm:GetParameters"], [arns.pointer]),
    allow(["ssm:GetParametersByPath"], [arns.pointerPath]),
    registryToken,
    allow([...pullActions, ...inspectActions, ...onRepositories], repositoryArns(services)),
    ...describeStatements(arns),
    // It takes no resource.
    allow(
      ["elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth"],
      "*",
    ),
    allow(
      ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"],
      services.map(({ logGroupName }) => arnOf(account, "logs", `log-group:${logGroupName}:*`)),
    ),
    // Is a newer release waiting?
    ...(newest ? [allow(["s3:GetObject"], [newest])] : []),
  ];
}

/** What gates ask. A list of alarms by the beginning of their names is granted on all alarms of the region alone. */
function gateStatements(
  { readsAlarms = false, releases }: PipelineArgs,
  { account }: PipelineArns,
): Statement[] {
  const { historyRoleName, accountId } = releases?.from ?? {};
  return [
    ...(readsAlarms
      ? [allow(["cloudwatch:DescribeAlarms"], [arnOf(account, "cloudwatch", "alarm:*")])]
      : []),
    // Whether the release still runs where it was verified.
    ...(historyRoleName === undefined
      ? []
      : [allow(["sts:AssumeRole"], [roleArn(account, historyRoleName, accountId)])]),
  ];
}

/** What it refuses for now waits to be tried again. */
function retryStatements({ deployRetry }: PipelineArns): Statement[] {
  return deployRetry === undefined ? [] : [allow(["states:StartExecution"], [deployRetry])];
}

function newestRelease(
  { releases }: PipelineArgs,
  { account }: PipelineArns,
): pulumi.Input<string> | undefined {
  if (!releases) {
    return undefined;
  }
  const { bucketName, objectKey } = releases;
  const object = changed(
    [account.accountId, account.region],
    ([accountId, region]) => `${bucketName(accountId, region)}/${objectKey}`,
  );
  return s3Arn(account, object);
}

/**
 * The pointer and the ledger of this environment: both locked by conditions of their own, and backed up. Events are
 * added and never deleted; the lock is, in its own partition.
 */
function recordStatements(arns: PipelineArns): Statement[] {
  return [
    allow(["dynamodb:ConditionCheckItem", "dynamodb:PutItem"], [arns.ledger]),
    // A deletion always names its key, so there is none for which "all values" would be none.
    allow(["dynamodb:DeleteItem"], [arns.ledger], {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [lockPartition] },
    }),
    allow(["ssm:DeleteParameter", "ssm:PutParameter"], [arns.pointer]),
  ];
}

/** Which artifact carries what is deployed. */
export function deployedArtifact(args: PipelineArgs): Extract<Artifact, "Release" | "Plan"> {
  return args.releases ? "Plan" : "Release";
}
