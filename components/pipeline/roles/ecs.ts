import { allow, type Statement } from "../../shared/iam";
import type { PipelineArns } from "../arns";
import type { PipelineArgs } from "../args";
import { useKey } from "./common";
import { ofCluster, registerStatements, taskStatements, updateStatements } from "./taskRights";

/** CodePipeline's own ECS actions: a new revision of each service's task definition with another image. */
export function ecsActionStatements(args: PipelineArgs, arns: PipelineArns): Statement[] {
  return [
    allow(["s3:GetObject", "s3:GetObjectVersion"], [arns.artifact("Images")]),
    ...useKey(arns, arns.key, { writes: false, services: ["s3"] }),
    ...updateStatements(args, arns),
    // Looking at a service knows none of the conditions of an update.
    allow(["ecs:DescribeServices"], [ofCluster(arns, "service", "*")]),
    ...taskStatements(arns),
    ...registerStatements(args, arns),
  ];
}
