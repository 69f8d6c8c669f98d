import type { Statement } from "../../shared/iam";
import type { PipelineArgs } from "../args";
import type { PipelineArns } from "../arns";
import type { ProjectSpec } from "../projects";
import { verifyTaskStatements, verifyVpcStatements } from "../verifyNetwork";
import { buildStatements, releaseStatements, verifyStatements } from "./build";
import { concludeStatements, deployedArtifact, deployStatements, planStatements } from "./deploy";
import { promoteStatements } from "./promote";
import { testRouteStatements } from "./taskRights";

/** What the role of an action's project may do. */
export function projectStatements(
  { action, kind, service = "" }: ProjectSpec,
  args: PipelineArgs,
  arns: PipelineArns,
): Statement[] {
  const deployed = deployedArtifact(args);
  switch (kind) {
    case "build":
      return buildStatements(args, arns, service);
    case "release":
      return releaseStatements(args, arns);
    case "plan":
      return planStatements(args, arns);
    case "deploy":
      return deployStatements(args, arns, {
        reads: [deployed],
        writes: args.deploy === "ecs" ? ["Images"] : [],
      });
    case "verify":
      return [
        ...verifyStatements(arns, deployed),
        ...verifyVpcStatements(args, arns),
        ...verifyTaskStatements(args, arns),
        ...testRouteStatements(args, arns),
      ];
    case "conclude":
      return concludeStatements(args, arns, { reads: [deployed, "Verification"] });
    case "promote":
      if (!args.promoteTo) {
        throw new Error(`${action} without promoteTo`);
      }
      return promoteStatements(args, arns, args.promoteTo);
  }
}
