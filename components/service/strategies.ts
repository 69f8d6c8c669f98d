import {
  shifts,
  type DeploymentStrategy,
  type ShiftingStrategy,
} from "../../contract/deploymentStrategy";

/** Numbers of a deployment that shifts. */
export interface ShiftTimes {
  readonly bakeMinutes?: number;
  readonly stepPercent?: number;
  readonly stepMinutes?: number;
}

/** Keys of `ShiftTimes` that a strategy heeds. */
export function shiftKeys(strategy: DeploymentStrategy): readonly (keyof ShiftTimes)[] {
  if (!shifts(strategy)) return [];
  return strategy === "blueGreen" ? ["bakeMinutes"] : ["bakeMinutes", "stepPercent", "stepMinutes"];
}

const bakeMinutes = 5;
const stepsOf = {
  blueGreen: {},
  canary: { stepPercent: 5, stepMinutes: 5 },
  linear: { stepPercent: 10, stepMinutes: 3 },
} as const satisfies Record<ShiftingStrategy, ShiftTimes>;

/** The numbers of a strategy, with its defaults; none where nothing is shifted. */
export function shiftTimes(strategy: DeploymentStrategy, given: ShiftTimes): ShiftTimes {
  if (!shifts(strategy)) return {};
  const all: ShiftTimes = { bakeMinutes, ...stepsOf[strategy] };
  return Object.fromEntries(
    shiftKeys(strategy).map((key) => [key, given[key] ?? all[key]]),
  ) satisfies ShiftTimes;
}

interface Range {
  readonly least: number;
  readonly most: number;
}

/** Minutes that ECS takes as a bake time and between steps ("DeploymentConfiguration", ECS API reference). */
export const waitRange: Range = { least: 0, most: 1440 };

/** Percent of a step ("CanaryConfiguration" and "LinearConfiguration", ECS API reference), in steps of 0.1. */
export function stepRange(strategy: "canary" | "linear"): Range {
  return { least: strategy === "canary" ? 0.1 : 3, most: 100 };
}

/** Minutes for which a hook may hold a deployment ("DeploymentLifecycleHookTimeoutConfiguration", ECS API reference). */
export const holdRange: Range = { least: 1, most: 20_160 };

/** Whether a share of requests is one that ECS takes. */
export function isStep(percent: number, { least, most }: Range): boolean {
  return percent >= least && percent <= most && Number.isInteger(Math.round(percent * 1e6) / 1e5);
}
