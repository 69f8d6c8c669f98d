import type { PipelineArgs } from "./args";

/** Actions that CodePipeline takes in one stage, which cannot be raised ("Quotas in AWS CodePipeline"). */
export const actionsPerStage = 50;

/** What stands beside the update of each service in the stage that deploys by ECS actions. */
const aroundEcsActions = ["Prepare", "Settle", "Verify", "Conclude"];

/** Services that fit into the stages of a pipeline. */
export function mostServices({
  source,
  deploy,
}: {
  readonly source?: unknown;
  readonly deploy?: PipelineArgs["deploy"];
}): number {
  if (deploy === "ecs") return actionsPerStage - aroundEcsActions.length;
  // Each is built by an action of its own, all in one stage.
  return source === undefined ? Infinity : actionsPerStage;
}
