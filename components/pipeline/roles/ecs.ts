import { allow, type Statement } from "../../shared/iam";
import type { PipelineArns } from "../arns";
import type { PipelineArgs } from "../args";
import { useKey } from "./common";
import { ofCluster, passTaskRoles, registerTaskDefinition, serviceArns, tagNew } from "./deploy";

/** CodePipeline's own ECS actions: a new revision of each service's task definition with another image. */
export function ecsActionStatements(args: PipelineArgs, arns: PipelineArns): Statement[] {
  return [
    allow(["s3:GetObject", "s3:GetObjectVersion"], [arns.artifact("Images")]),
    useKey(arns.key, false),
    allow(["ecs:DescribeServices", "ecs:UpdateService"], serviceArns(args, arns)),
    allow(["ecs:DescribeTasks"], [ofCluster(arns, "task", "*")]),
    allow(["ecs:ListTasks"], "*", { ArnEquals: { "ecs:cluster": arns.cluster } }),
    // Takes no resource.
    allow(["ecs:DescribeTaskDefinition"], "*"),
    registerTaskDefinition,
    tagNew(arns, "task-definition/*:*", "RegisterTaskDefinition"),
    passTaskRoles(args),
  ];
}
