/** How often a load balancer asks a task, and how many answers it goes by. */
export interface ProbeTimes {
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/**
 * Seconds between two checks: the least that load balancers take, and what AWS advises for fast deployments ("Optimize load
 * balancer health check parameters", ECS developer guide). What is run in the container as well costs it more than an answer.
 */
const often = { asked: 5, run: 10 } as const;

/** Seconds for which a task may fail before it is replaced: a pause of a moment must not cost it. */
const patienceSeconds = 30;

/** With the defaults of what is not given. The timeout is less than the interval, as load balancers want it. */
export function probeTimes(
  given: Partial<ProbeTimes> & { readonly command?: unknown },
): ProbeTimes {
  const least = given.command === undefined ? often.asked : often.run;
  const intervalSeconds = given.intervalSeconds ?? Math.max(least, (given.timeoutSeconds ?? 0) + 1);
  const failures = Math.max(3, Math.ceil(patienceSeconds / intervalSeconds));
  return {
    intervalSeconds,
    timeoutSeconds: given.timeoutSeconds ?? Math.min(5, intervalSeconds - 1),
    healthyThreshold: given.healthyThreshold ?? 2,
    unhealthyThreshold: given.unhealthyThreshold ?? failures,
  };
}
