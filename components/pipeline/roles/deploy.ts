import * as pulumi from "@pulumi/pulumi";
import { arnOf } from "../../shared/account";
import { allow, type Statement } from "../../shared/iam";
import { secretStore } from "../../service/secretReference";
import { s3Arn, type Artifact, type PipelineArns } from "../arns";
import type { PipelineArgs, PipelineServiceArgs } from "../args";
import {
  actionStatements,
  inspectActions,
  pullActions,
  registryToken,
  secretArn,
  type ActionArtifacts,
} from "./common";
import { stateStatements } from "./state";

/** Prepares the deployment of a release: looks at everything that a deployment changes, and changes none of it. */
export function planStatements(args: PipelineArgs, arns: PipelineArns): Statement[] {
  const artifacts: ActionArtifacts = { reads: ["Source"], writes: ["Plan"] };
  return [
    ...actionStatements(arns, "plan", artifacts),
    ...readStatements(args, arns),
    // Which commits an approval is about.
    allow(["codepipeline:GetPipelineExecution"], [arns.pipeline]),
  ];
}

/** Deploys a release, or takes one back: task definitions, services, the pointer and the ledger of one environment. */
export function deployStatements(
  args: PipelineArgs,
  arns: PipelineArns,
  action: "deploy" | "conclude",
  artifacts: ActionArtifacts,
): Statement[] {
  return [
    ...actionStatements(arns, action, artifacts),
    // Tags of repositories never move: this puts another one on an image that is there.
    ...readStatements(args, arns, ["ecr:PutImage"]),
    ...recordStatements(arns),
    ...ecsStatements(args, arns),
  ];
}

function readStatements(
  args: PipelineArgs,
  arns: PipelineArns,
  onRepositories: readonly string[] = [],
): Statement[] {
  const { account } = arns;
  const { bucketName, objectKey } = args.releases ?? {};
  const newest = bucketName
    ? pulumi
        .all([account.accountId, account.region])
        .apply(([accountId, region]) => `${bucketName(accountId, region)}/${objectKey}`)
    : undefined;
  return [
    ...stateStatements(args, arns),
    ...lookupStatements(args, arns),
    allow(["dynamodb:GetItem", "dynamodb:Query"], [arns.ledger]),
    allow(["ssm:GetParameter", "ssm:GetParameters"], [arns.pointer]),
    allow(["ssm:GetParametersByPath"], [arns.pointerPath]),
    registryToken,
    allow([...pullActions, ...inspectActions, ...onRepositories], values(args, "repositoryArn")),
    allow(
      [
        "ecs:DescribeServiceDeployments",
        "ecs:DescribeServiceRevisions",
        "ecs:DescribeServices",
        "ecs:ListServiceDeployments",
      ],
      [
        ofCluster(arns, "service", "*"),
        ofCluster(arns, "service-deployment", "*"),
        ofCluster(arns, "service-revision", "*"),
      ],
    ),
    allow(["ecs:DescribeTasks"], [ofCluster(arns, "task", "*")]),
    // Tasks are listed by cluster, whatever they belong to.
    allow(["ecs:ListTasks"], "*", { ArnEquals: { "ecs:cluster": arns.cluster } }),
    // Neither takes a resource.
    allow(["ecs:DescribeTaskDefinition"], "*"),
    allow(
      ["elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth"],
      "*",
    ),
    allow(
      ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"],
      Object.values(args.services).map(({ logGroupName }) =>
        arnOf(account, "logs", `log-group:${logGroupName}:*`),
      ),
    ),
    // Is a newer release waiting?
    ...(newest ? [allow(["s3:GetObject"], [s3Arn(account, newest)])] : []),
  ];
}

/** What evaluating the program asks AWS. That a secret is there shows in its description: nobody here reads one. */
function lookupStatements({ lookups = {}, services }: PipelineArgs, arns: PipelineArns) {
  const references = Object.values(services).flatMap(({ secrets = {} }) => Object.values(secrets));
  const kept = (store: ReturnType<typeof secretStore>) => [
    ...new Set(references.filter((reference) => secretStore(reference) === store)),
  ];
  const inSecretsManager = kept("secretsManager");
  const statements: Statement[] = [];
  if (inSecretsManager.length > 0) {
    statements.push(
      allow(
        ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
        inSecretsManager.map((reference) => secretArn(arns.account, reference)),
      ),
    );
  }
  const inParameterStore = kept("parameterStore");
  if (inParameterStore.length > 0) {
    statements.push(
      allow(
        ["ssm:GetParameters"],
        inParameterStore.map((reference) => secretArn(arns.account, reference)),
      ),
      // Only reading a parameter shows that it is there: so its text must stay encrypted.
      {
        Effect: "Deny",
        Action: ["kms:Decrypt"],
        Resource: "*",
        Condition: {
          StringEquals: {
            "kms:ViaService": pulumi.interpolate`ssm.${arns.account.region}.amazonaws.com`,
          },
        },
      },
    );
  }
  // EC2 and Route 53 list without resources.
  const listing = [
    ...(lookups.existingNetwork ? ["ec2:DescribeSubnets", "ec2:DescribeVpcs"] : []),
    ...(lookups.availabilityZones ? ["ec2:DescribeAvailabilityZones"] : []),
    ...(lookups.hostedZone ? ["route53:ListHostedZones", "route53:ListHostedZonesByName"] : []),
  ];
  if (listing.length > 0) {
    statements.push(allow(listing, "*"));
  }
  if (lookups.hostedZone) {
    const zones = pulumi.interpolate`arn:${arns.account.partition}:route53:::hostedzone/*`;
    statements.push(allow(["route53:GetHostedZone", "route53:ListTagsForResource"], [zones]));
  }
  return statements;
}

/** The pointer and the ledger of this environment: both locked by conditions of their own, and backed up. */
function recordStatements(arns: PipelineArns): Statement[] {
  return [
    allow(
      ["dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem"],
      [arns.ledger],
    ),
    allow(["ssm:DeleteParameter", "ssm:PutParameter"], [arns.pointer]),
  ];
}

function ecsStatements(args: PipelineArgs, arns: PipelineArns): Statement[] {
  const releaseCommands = Object.values(args.services).map(({ taskFamily }) =>
    arnOf(arns.account, "ecs", `task-definition/${taskFamily}-release:*`),
  );
  return [
    allow(["ecs:UpdateService"], serviceArns(args, arns)),
    registerTaskDefinition,
    tagNew(arns, "task-definition/*:*", "RegisterTaskDefinition"),
    // Release commands alone, and not whatever else has a task definition.
    allow(["ecs:RunTask"], releaseCommands, {
      ArnEquals: { "ecs:cluster": arns.cluster },
    }),
    // Revisions that ran their one task. Where AWS takes no resource for this it is denied, and they stay.
    allow(["ecs:DeregisterTaskDefinition"], releaseCommands),
    // One that exceeds its time.
    allow(["ecs:StopTask"], [ofCluster(arns, "task", "*")]),
    passTaskRoles(args),
  ];
}

/** AWS takes no resource here; what a task definition may be is bounded by the roles that may be passed to it. */
export const registerTaskDefinition: Statement = allow(["ecs:RegisterTaskDefinition"], "*");

/** Tags on what is being made, and on nothing that is there. */
export function tagNew(arns: PipelineArns, resource: string, createAction: string): Statement {
  return allow(["ecs:TagResource"], [arnOf(arns.account, "ecs", resource)], {
    StringEquals: { "ecs:CreateAction": createAction },
  });
}

/** The roles of the environment's own tasks, to ECS tasks and to nothing else. */
export function passTaskRoles(args: PipelineArgs): Statement {
  return allow(
    ["iam:PassRole"],
    [...values(args, "executionRoleArn"), ...values(args, "taskRoleArn")],
    { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
  );
}

function values(
  { services }: PipelineArgs,
  key: keyof Pick<PipelineServiceArgs, "repositoryArn" | "executionRoleArn" | "taskRoleArn">,
): pulumi.Input<string>[] {
  return Object.values(services).map((service) => service[key]);
}

/** The services that the pipeline deploys. */
export function serviceArns(
  { services }: PipelineArgs,
  arns: PipelineArns,
): pulumi.Output<string>[] {
  return Object.values(services).map(({ serviceName }) => ofCluster(arns, "service", serviceName));
}

/** `arn:<partition>:ecs:<region>:<account>:<kind>/<cluster>/<rest>`. */
export function ofCluster(arns: PipelineArns, kind: string, rest: string): pulumi.Output<string> {
  const name = arns.cluster.apply((arn) => arn.split("/")[1]);
  return arnOf(arns.account, "ecs", pulumi.interpolate`${kind}/${name}/${rest}`);
}

/** Which artifact carries what is deployed. */
export function deployedArtifact(args: PipelineArgs): Extract<Artifact, "Release" | "Plan"> {
  return args.releases ? "Plan" : "Release";
}
