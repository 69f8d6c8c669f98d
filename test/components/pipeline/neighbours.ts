import type { Groups } from "./denials";
import {
  environment,
  inStaging,
  partition,
  registering,
  secretUnder,
  staging,
  teamKey,
  toTasks,
  via,
  withoutExec,
  type Environment,
  type Row,
} from "./permissions";
import { accountId, region } from "./support";

/** What a role of staging asks of another environment: each row would be allowed on its own. */
function asked(other: Environment): Row[] {
  return [
    ["deploy", "ecs:RegisterTaskDefinition", other.taskDefinition("web")],
    ["conclude", "ecs:RegisterTaskDefinition", other.taskDefinition("web")],
    ["deploy", "ecs:TagResource", other.taskDefinition("web"), registering],
    ["deploy", "ecs:UpdateService", other.service("web"), other.family("web")],
    ["deploy", "ecs:UpdateService", staging.service("web"), other.family("web")],
    ["conclude", "ecs:UpdateService", other.service("web"), withoutExec],
    ["deploy", "ecs:RunTask", other.taskDefinition("web--release"), inStaging],
    [
      "deploy",
      "ecs:RunTask",
      staging.taskDefinition("web--release"),
      { "ecs:cluster": other.cluster },
    ],
    ["deploy", "ecs:ListTasks", "*", { "ecs:cluster": other.cluster }],
    ["deploy", "ecs:StopTask", other.task],
    ["deploy", "ecs:DescribeTasks", other.task],
    ["deploy", "iam:PassRole", other.taskRole("web"), toTasks],
    ["conclude", "iam:PassRole", other.executionRole("web"), toTasks],
    ["deploy", "ssm:PutParameter", other.pointer],
    ["deploy", "ssm:GetParametersByPath", other.pointerPath],
    ["deploy", "dynamodb:PutItem", other.ledger, partition("lock")],
    ["conclude", "dynamodb:DeleteItem", other.ledger, partition("lock")],
    ["promote", "dynamodb:Query", other.ledger],
    ["build-web", "ecr:PutImage", other.repository("web")],
    ["deploy", "ecr:BatchGetImage", other.repository("web")],
    ["deploy", "secretsmanager:GetSecretValue", other.token],
    ["deploy", "kms:Decrypt", teamKey, secretUnder("secretsmanager", other.token)],
    ["deploy", "kms:Decrypt", other.key, via("s3")],
    ["deploy", "logs:GetLogEvents", other.serviceLog("web")],
    ["deploy", "logs:PutLogEvents", other.log("deploy")],
    ["deploy", "s3:GetObject", other.artifact("Release")],
    ["pipeline", "s3:GetObject", other.artifact("Source")],
    ["pipeline", "codebuild:StartBuild", other.project("deploy")],
    ["deploy", "sns:Publish", other.topic],
    ["deploy", "kms:GenerateDataKey", other.topicKey, via("sns")],
    ["pipeline", "sts:AssumeRole", other.role("source")],
    ["promote", "sts:AssumeRole", other.role("receive")],
    ["release", "codepipeline:GetPipelineExecution", other.pipeline],
  ];
}

/** Folders of artifacts in the pipeline's own bucket that CodePipeline does not make for it. */
const elsewhereInTheBucket = (folder: string): Row[] => [
  ["promote", "s3:GetObject", `${staging.artifacts}/${folder}/Source/Ab3dE5g`],
  ["release", "s3:PutObject", `${staging.artifacts}/${folder}/Release/Ab3dE5g`],
  ["pipeline", "s3:PutObject", `${staging.artifacts}/${folder}/Source/Ab3dE5g`],
];

const elsewhereRegion = (service: string, resource: string) =>
  `arn:aws:${service}:us-east-1:${accountId}:${resource}`;

/** Environments whose names begin as `shop-staging` does, end so, or hold it; and the same names in another region. */
export const neighbours: Groups = {
  "touch the stack staging-2 of shop": asked(environment("staging-2")),
  "touch the stack stag of shop": asked(environment("stag")),
  "touch staging of shop-eu": asked(environment("staging", accountId, "shop-eu")),
  "touch staging of eu-shop": asked(environment("staging", accountId, "eu-shop")),
  "read and write folders that are not the pipeline's": [
    ...elsewhereInTheBucket("shop-staging-2"),
    ...elsewhereInTheBucket("shop-stag"),
    ...elsewhereInTheBucket("x/shop-staging"),
    ...elsewhereInTheBucket("other"),
  ],
  "touch what has the same name in another region": [
    [
      "deploy",
      "ecs:RegisterTaskDefinition",
      elsewhereRegion("ecs", "task-definition/shop-staging-web:*"),
    ],
    [
      "deploy",
      "ecs:UpdateService",
      elsewhereRegion("ecs", "service/shop-staging/shop-staging-web"),
    ],
    ["deploy", "dynamodb:PutItem", elsewhereRegion("dynamodb", "table/shop-staging-deployments")],
    ["deploy", "ssm:PutParameter", elsewhereRegion("ssm", "parameter/gantry/shop/staging/release")],
    ["build-web", "ecr:PutImage", elsewhereRegion("ecr", "repository/shop-staging/web")],
    [
      "pipeline",
      "codebuild:StartBuild",
      elsewhereRegion("codebuild", "project/shop-staging-deploy"),
    ],
    ["deploy", "kms:Decrypt", staging.key, { "kms:ViaService": `s3.${region}2.amazonaws.com` }],
  ],
};
