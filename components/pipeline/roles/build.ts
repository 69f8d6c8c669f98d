import { allow, type Statement } from "../../shared/iam";
import type { PipelineArns } from "../arns";
import type { PipelineArgs } from "../args";
import {
  actionStatements,
  inspectActions,
  pullActions,
  pushActions,
  registryToken,
} from "./common";

/** Builds, pushes and judges the image of one service: its own repository and no other. */
export function buildStatements(
  args: PipelineArgs,
  arns: PipelineArns,
  service: string,
): Statement[] {
  return [
    ...actionStatements(arns, `build-${service}`, { reads: ["Source"] }),
    registryToken,
    allow(
      [...pullActions, ...pushActions, ...inspectActions, "ecr:StartImageScan"],
      [args.services[service].repositoryArn],
    ),
  ];
}

/** Assembles the release: looks at the images that were built and at what ran before, and changes nothing. */
export function releaseStatements(args: PipelineArgs, arns: PipelineArns): Statement[] {
  return [
    ...actionStatements(arns, "release", { reads: ["Source"], writes: ["Release"] }),
    allow(
      [...inspectActions],
      Object.values(args.services).map(({ repositoryArn }) => repositoryArn),
    ),
    allow(["codepipeline:GetPipelineExecution"], [arns.pipeline]),
    allow(["dynamodb:Query"], [arns.ledger]),
  ];
}

/** Runs the integration tests, which reach the services as any user does: nothing in AWS but its artifacts. */
export function verifyStatements(arns: PipelineArns, reads: "Release" | "Plan"): Statement[] {
  return actionStatements(arns, "verify", {
    reads: ["Source", reads],
    writes: ["Verification"],
  });
}
