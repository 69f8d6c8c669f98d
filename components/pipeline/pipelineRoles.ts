import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, serviceTrust } from "../shared/iam";
import { roleArn, type PipelineArns } from "./arns";
import type { PipelineArgs } from "./args";
import { measured, measuredOrchestrate } from "./measure";
import { projectSpecs } from "./projects";
import { role, type Role, type RoleArgs } from "./role";
import { ecsActionStatements } from "./roles/ecs";
import { orchestrateStatements, sourceStatements } from "./roles/orchestrate";
import type { Origin } from "./source";

export interface PipelineRoles {
  /** The pipeline's own. */
  readonly orchestrate: Role;
  readonly source: Role;
  /** Only with `deploy: ecs`. */
  readonly ecs?: Role;
}

/** The roles of the pipeline, and of the actions that no CodeBuild project runs: they trust the pipeline alone. */
export function pipelineRoles(
  name: string,
  args: PipelineArgs,
  { arns, origin }: { readonly arns: PipelineArns; readonly origin: Origin },
  parent: pulumi.Resource,
): PipelineRoles {
  const { tags } = args;
  const longest = measured(args);
  const actions = ["source", ...(args.deploy === "ecs" ? ["ecs"] : [])];
  const orchestrate = role(
    `${name}-pipeline`,
    {
      trust: serviceTrust("codepipeline.amazonaws.com", {
        accountId: arns.account.accountId,
        sourceArn: arns.pipeline,
      }),
      statements: orchestrateStatements(
        arns,
        projectSpecs(args).map(({ action }) => action),
        actions.map((action) => roleArn(arns.account, args.actionName(action))),
      ),
      measured: measuredOrchestrate(longest),
      tags,
    },
    parent,
  );
  const trust = policyDocument({
    Effect: "Allow",
    Principal: { AWS: orchestrate.arn },
    Action: "sts:AssumeRole",
  });
  const actionRole = (action: string, given: Pick<RoleArgs, "statements" | "measured">) =>
    role(`${name}-${action}`, { roleName: args.actionName(action), trust, ...given, tags }, parent);
  return {
    orchestrate,
    source: actionRole("source", { statements: sourceStatements(arns, origin, args.config) }),
    ...(args.deploy === "ecs"
      ? {
          ecs: actionRole("ecs", {
            statements: ecsActionStatements(args, arns),
            measured: ecsActionStatements(longest.args, longest.arns),
          }),
        }
      : {}),
  };
}
