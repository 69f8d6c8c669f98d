import { completeSize } from "../../components/service/fargateSizes";
import type { StackDefaults } from "./defaults";
import type { GivenService } from "./service";
import type { Capacity } from "./size";

/**
 * Fills what depends on something else: the folder on the service's name, and of numbers that must
 * agree the ones that were not given. What was given is never changed.
 */
export function completeService(
  name: string,
  given: GivenService,
  defaults: StackDefaults["service"],
  capacity: Capacity,
) {
  const filled = {
    path: given.path ?? (name === "web" ? "app" : name),
    ...size(given, defaults, capacity),
  };
  if (given.kind === "worker") {
    const { kind, ...worker } = given;
    return {
      kind,
      ...worker,
      ...filled,
      scaling: { ...given.scaling, ...taskCounts(given.scaling, defaults.scaling) },
    };
  }
  const { kind, ...web } = given;
  return {
    kind,
    ...web,
    ...filled,
    healthCheck: { ...given.healthCheck, ...probeTimes(given.healthCheck) },
    scaling: { ...given.scaling, ...taskCounts(given.scaling, defaults.scaling) },
  };
}

function size(
  given: { cpu?: number; memoryMiB?: number },
  defaults: { cpu: number; memoryMiB: number },
  capacity: Capacity,
) {
  if (capacity !== "ec2") return completeSize(given, defaults);
  return { cpu: given.cpu ?? defaults.cpu, memoryMiB: given.memoryMiB ?? defaults.memoryMiB };
}

function taskCounts(given: { min?: number; max?: number }, defaults: { min: number; max: number }) {
  const min = given.min ?? Math.min(defaults.min, given.max ?? defaults.min);
  return { min, max: given.max ?? Math.max(defaults.max, min) };
}

function probeTimes(given: { intervalSeconds?: number; timeoutSeconds?: number }) {
  const intervalSeconds = given.intervalSeconds ?? Math.max(10, (given.timeoutSeconds ?? 0) + 1);
  return {
    intervalSeconds,
    timeoutSeconds: given.timeoutSeconds ?? Math.min(5, intervalSeconds - 1),
  };
}
