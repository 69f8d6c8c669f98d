import type { Fault } from "../shared/validation";
import type { ScalingArgs } from "./autoscaling";

/**
 * Load that comes at once. What holds an average acts on three minutes above it ("Target tracking scaling policies",
 * Application Auto Scaling user guide); this acts on one. One of the two thresholds at least.
 */
export interface BurstArgs {
  /** Average CPU of one minute from which tasks are added, in percent, above `cpuPercent`. Without it, CPU adds none. */
  readonly cpuPercent?: number;
  /** Requests of one minute and task from which tasks are added, above `requestsPerTarget`. Without it, requests add none. */
  readonly requestsPerTarget?: number;
  /** Tasks that are added, in percent of those that there are, one at least; twice as many from twice the threshold on. Without it, 50. */
  readonly addPercent?: number;
}

/** Tasks that a burst adds, in percent. */
export const defaultAddPercent = 50;

const thresholds = ["cpuPercent", "requestsPerTarget"] as const;
type Threshold = (typeof thresholds)[number];

/** What is wrong with the thresholds of bursts. */
export function burstFaults({ burst, backlog, ...held }: ScalingArgs): Fault[] {
  if (burst === undefined) return [];
  const { cpuPercent, requestsPerTarget } = burst;
  if (cpuPercent === undefined && requestsPerTarget === undefined) {
    const allowed = "cpuPercent or requestsPerTarget";
    return [{ path: "scaling.burst", given: burst, allowed, fix: "name one" }];
  }
  if (backlog !== undefined) {
    const allowed = "nothing beside a backlog, which is counted each minute";
    return [{ path: "scaling.burst", given: burst, allowed, fix: "remove one of the two" }];
  }
  return lowThresholds({ burst, ...held }).map(({ key, given, average }) => ({
    ...{ path: `scaling.burst.${key}`, given, allowed: `more than ${average}, which is held` },
    fix: `raise it above ${average}`,
  }));
}

/** The thresholds of a burst that are not above what is held. */
export function lowThresholds({ burst, ...held }: Pick<ScalingArgs, "burst" | Threshold>) {
  return thresholds.flatMap((key) => {
    const [given, average] = [burst?.[key], held[key]];
    return given === undefined || average === undefined || given > average
      ? []
      : [{ key, given, average }];
  });
}
