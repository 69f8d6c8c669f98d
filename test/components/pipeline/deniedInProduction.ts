import { every, type Groups } from "./denials";
import { inProduction, partition, production, staging, toTasks } from "./permissions";

const productionRoles = ["plan", "deploy", "verify", "conclude", "pipeline", "source", "receive"];

/** What no role of production's pipeline may do, and what a plan may not though a deployment may. */
export const deniedInProduction: Groups = {
  "change anything while they plan": [
    ["plan", "ecs:UpdateService", production.service("web")],
    ["plan", "ecs:RegisterTaskDefinition", production.taskDefinition("web")],
    ["plan", "ecs:RunTask", production.taskDefinition("web--release"), inProduction],
    ["plan", "ecs:StopTask", production.task],
    ["plan", "ssm:PutParameter", production.pointer],
    ["plan", "ssm:DeleteParameter", production.pointer],
    ["plan", "dynamodb:PutItem", production.ledger],
    ["plan", "dynamodb:DeleteItem", production.ledger, partition("lock")],
    ["plan", "ecr:PutImage", production.repository("web")],
    ["plan", "iam:PassRole", production.taskRole("web"), toTasks],
    ["plan", "s3:PutObject", production.release],
    ["plan", "codepipeline:PutApprovalResult", `${production.pipeline}/Approve/Approve`],
  ],
  "reach back into staging": [
    ["deploy", "ecs:UpdateService", staging.service("web")],
    ["deploy", "ssm:PutParameter", staging.pointer],
    ["deploy", "ecr:BatchGetImage", staging.repository("web")],
    ["deploy", "dynamodb:Query", staging.ledger],
    ["deploy", "sts:AssumeRole", staging.role("deploy")],
    ["verify", "sts:AssumeRole", staging.role("history")],
    ["conclude", "sts:AssumeRole", staging.role("history")],
    ["receive", "ecr:PutImage", staging.repository("web")],
    ["receive", "ecr:BatchGetImage", staging.repository("cart")],
    ["receive", "s3:PutObject", staging.artifact("Release")],
  ],
  "do more than receive with the role that receives": [
    ["receive", "ecs:UpdateService", production.service("web")],
    ["receive", "ssm:PutParameter", production.pointer],
    ["receive", "dynamodb:PutItem", production.ledger],
    ["receive", "codepipeline:StartPipelineExecution", production.pipeline],
    ["receive", "s3:PutObject", `${production.releaseBucket}/other.zip`],
    ["receive", "s3:PutObject", production.artifact("Source")],
    ["receive", "s3:DeleteObject", production.release],
    ["receive", "s3:GetObjectVersion", production.release],
    ["receive", "ecr:BatchDeleteImage", production.repository("web")],
    ["receive", "ecr:PutImage", production.repository("cart")],
    ["receive", "iam:PassRole", production.taskRole("web"), toTasks],
    ["receive", "sts:AssumeRole", production.role("deploy")],
  ],
  "delete or forge releases and artifacts": [
    ...every(productionRoles, "s3:DeleteObjectVersion", production.release),
    ["pipeline", "s3:DeleteObjectVersion", production.artifact("Plan")],
    ["deploy", "s3:PutObject", production.release],
    ["deploy", "s3:PutObject", production.artifact("Plan")],
    ["verify", "s3:PutObject", production.artifact("Plan")],
    ["source", "s3:PutObject", production.release],
    ["source", "s3:GetObject", `${production.releaseBucket}/other.zip`],
    ["start", "codepipeline:StartPipelineExecution", staging.pipeline],
    ["start", "codepipeline:PutApprovalResult", `${production.pipeline}/Approve/Approve`],
  ],
};
