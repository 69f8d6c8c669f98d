/** Strategies of ECS that move requests from old tasks to new ones that are all there already. */
export const shiftingStrategies = ["blueGreen", "canary", "linear"] as const;

export const deploymentStrategies = ["rolling", "recreate", ...shiftingStrategies] as const;

export type DeploymentStrategy = (typeof deploymentStrategies)[number];
export type ShiftingStrategy = (typeof shiftingStrategies)[number];

/** Whether new tasks come up beside the old ones, and requests go over to them once they are verified. */
export function shifts(strategy: DeploymentStrategy | undefined): strategy is ShiftingStrategy {
  return shiftingStrategies.some((shifting) => shifting === strategy);
}

/** How a deployment brings requests to new tasks, as `services.<name>.deployment` has it. */
export interface DeploymentTimes {
  readonly strategy: DeploymentStrategy;
  /** Minutes for which the old tasks stay after all requests went over. */
  readonly bakeMinutes?: number;
  /** Percent of the requests that go over first (`canary`), or at each step (`linear`). */
  readonly stepPercent?: number;
  /** Minutes until the rest follows (`canary`), or until the next step (`linear`). */
  readonly stepMinutes?: number;
}

/** Minutes from the first request that goes over to the end of the old tasks. 0 where nothing shifts. */
export function shiftMinutes(deployment: DeploymentTimes | undefined): number {
  if (deployment === undefined || !shifts(deployment.strategy)) return 0;
  const { strategy, bakeMinutes = 0, stepPercent = 100, stepMinutes = 0 } = deployment;
  // None is waited for after the last step: the bake is.
  const waits =
    strategy === "blueGreen" ? 0 : strategy === "canary" ? 1 : Math.ceil(100 / stepPercent) - 1;
  return waits * stepMinutes + bakeMinutes;
}
