import { shiftMinutes } from "./deploymentStrategy";
import type { TimedService } from "./times";

/**
 * What a change of a service takes by its settings alone, in seconds. How long a task takes to start, and how long a verification
 * or a person, is not in them.
 */
export interface ChangeTimes {
  /** From a task's first good answer until the load balancer leads requests to it, at most. A new target's first check suffices. */
  readonly healthySeconds: number;
  /** In which requests go over in steps, and old tasks stay for the way back. */
  readonly shiftSeconds: number;
  /** In which old tasks finish what they were asked. */
  readonly drainSeconds: number;
  /** In which they end after that, at most: a process that ends when it is told to is faster. */
  readonly stopSeconds: number;
  /** From healthy new tasks to the end of the deployment, at most. Held deployments wait for an answer besides. */
  readonly finishSeconds: number;
}

/** The interval of load balancers' health checks where nothing else is said ("TargetGroup", ELBv2 API reference). */
const checkSeconds = 30;

/** Old tasks leave after new ones are healthy; with `recreate` they have left before, while nobody answers. */
export function changeTimes(service: TimedService): ChangeTimes {
  const { deployment, healthCheck, drainSeconds = 0, stopTimeoutSeconds } = service;
  const { intervalSeconds = checkSeconds, healthyThreshold = 1 } = healthCheck ?? {};
  const shiftSeconds = 60 * shiftMinutes(deployment);
  const leaves = deployment?.strategy === "recreate" ? 0 : drainSeconds + stopTimeoutSeconds;
  return {
    healthySeconds: healthCheck ? intervalSeconds * healthyThreshold : 0,
    ...{ shiftSeconds, drainSeconds, stopSeconds: stopTimeoutSeconds },
    finishSeconds: shiftSeconds + leaves,
  };
}

/** `at most 5 min 45 s after its tasks are healthy (shift and bake 5 min, drain 15 s, stop 30 s)` */
export function changeTimesText(times: ChangeTimes): string {
  const { finishSeconds, shiftSeconds, drainSeconds, stopSeconds } = times;
  const parts = [
    ["shift and bake", shiftSeconds],
    ["drain", drainSeconds],
    ["stop", stopSeconds],
  ] as const;
  const lasting = parts.flatMap(([what, seconds]) =>
    seconds > 0 ? `${what} ${durationText(seconds)}` : [],
  );
  return finishSeconds === 0
    ? `as soon as its tasks are healthy; before, nobody answers (${lasting.join(", ")}, and the start)`
    : `at most ${durationText(finishSeconds)} after its tasks are healthy (${lasting.join(", ")})`;
}

/** `45 s`, `5 min`, `5 min 45 s`, `1 h`, `1 h 5 min` */
export function durationText(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  return parts.flatMap(([count, unit]) => (count > 0 ? `${count} ${unit}` : [])).join(" ") || "0 s";
}
