/** How a deployment brings requests to new tasks, as `services.<name>.deployment` has it. */
export interface DeploymentTimes {
  readonly strategy: "rolling" | "recreate" | "blueGreen" | "canary" | "linear";
  /** Minutes for which the old tasks stay after all requests went over. */
  readonly bakeMinutes?: number;
  /** Percent of the requests that go over first (`canary`), or at each step (`linear`). */
  readonly stepPercent?: number;
  /** Minutes until the rest follows (`canary`), or until the next step (`linear`). */
  readonly stepMinutes?: number;
}

/** Whether new tasks come up beside the old ones, and requests go over to them once they are verified. */
export function shifts(deployment: Pick<DeploymentTimes, "strategy"> | undefined): boolean {
  return deployment !== undefined && !["rolling", "recreate"].includes(deployment.strategy);
}

/** Minutes from the first request that goes over to the end of the old tasks. 0 where nothing shifts. */
export function shiftMinutes(deployment: DeploymentTimes | undefined): number {
  if (deployment === undefined || !shifts(deployment)) return 0;
  const { strategy, bakeMinutes = 0, stepPercent = 100, stepMinutes = 0 } = deployment;
  // None is waited for after the last step: the bake is.
  const waits =
    strategy === "blueGreen" ? 0 : strategy === "canary" ? 1 : Math.ceil(100 / stepPercent) - 1;
  return waits * stepMinutes + bakeMinutes;
}
