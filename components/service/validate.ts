import type { ServiceArgs } from "./args";
import type { Fault } from "../shared/validation";
import { describeMemoryChoices, isFargateSize, nearestMemory } from "./fargateSizes";

/** What is wrong with the arguments of a service: only what AWS would refuse late, or accept and not run. */
export function serviceFaults(args: ServiceArgs): Fault[] {
  return [...sizeFaults(args), ...scalingFaults(args), ...portFaults(args)];
}

function sizeFaults({ cpu = 256, memoryMiB = 512, cluster }: ServiceArgs): Fault[] {
  if (!cluster.launchTypes.includes("FARGATE") || isFargateSize(cpu, memoryMiB)) {
    return [];
  }
  const memory = nearestMemory(cpu, memoryMiB);
  return memory === undefined
    ? [
        {
          path: "cpu",
          given: cpu,
          allowed: "256, 512, 1024, 2048, 4096, 8192 or 16384",
          mend: "choose one of these sizes",
        },
      ]
    : [
        {
          path: "memoryMiB",
          given: memoryMiB,
          allowed: `${describeMemoryChoices(cpu)} with cpu ${cpu}`,
          mend: `set memoryMiB: ${memory}`,
        },
      ];
}

function scalingFaults({ scaling }: ServiceArgs): Fault[] {
  return scaling.min <= scaling.max
    ? []
    : [
        {
          path: "scaling.min",
          given: scaling.min,
          allowed: `0 to ${scaling.max}, which is scaling.max`,
          mend: "raise scaling.max or lower scaling.min",
        },
      ];
}

function portFaults(args: ServiceArgs): Fault[] {
  return args.kind === "worker" ||
    (Number.isInteger(args.port) && args.port >= 1 && args.port <= 65535)
    ? []
    : [
        {
          path: "port",
          given: args.port,
          allowed: "1 to 65535",
          mend: "name the port that the container listens on",
        },
      ];
}
