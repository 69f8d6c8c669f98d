import type { Fault } from "../shared/validation";
import type { ServiceArgs } from "./args";
import { taskFaults } from "./taskFaults";

/** What is wrong with the arguments of a service: only what AWS would refuse late, or accept and not run. */
export function serviceFaults(args: ServiceArgs): Fault[] {
  return [...taskFaults(args), ...scalingFaults(args), ...portFaults(args)];
}

function scalingFaults({ scaling }: ServiceArgs): Fault[] {
  return scaling.min <= scaling.max
    ? []
    : [
        {
          path: "scaling.min",
          given: scaling.min,
          allowed: `0 to ${scaling.max}, which is scaling.max`,
          fix: "raise scaling.max or lower scaling.min",
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
          fix: "name the port that the container listens on",
        },
      ];
}
