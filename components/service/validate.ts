import { isWhole, type Fault } from "../shared/validation";
import type { ServiceArgs } from "./args";
import { alarmFaults } from "./alarmArgs";
import { routeFaults } from "./containerFaults";
import { deploymentFaults } from "./deploymentFaults";
import { leadingFaults } from "./routeFaults";
import { scalingFaults } from "./scalingFaults";
import { spotFaults } from "./spot";
import { taskFaults } from "./taskFaults";

/** What is wrong with the arguments of a service: only what AWS would refuse late, or accept and not run. */
export function serviceFaults(args: ServiceArgs): Fault[] {
  const container = args.kind === "web" ? args.route?.container : undefined;
  return [
    ...taskFaults(args),
    ...scalingFaults(args),
    ...spotFaults(args),
    ...portFaults(args),
    ...routeFaults(container, args.sidecars),
    ...leadingFaults(args),
    ...deploymentFaults(args),
    ...alarmFaults(args, args.kind),
  ];
}

function portFaults(args: ServiceArgs): Fault[] {
  return args.kind === "worker" || isWhole(args.port, 1, 65535)
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
