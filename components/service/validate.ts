import type { Fault } from "../shared/validation";
import type { ServiceArgs } from "./args";
import { leadingFaults } from "./routeFaults";
import { scalingFaults } from "./scalingFaults";
import { taskFaults } from "./taskFaults";

/** What is wrong with the arguments of a service: only what AWS would refuse late, or accept and not run. */
export function serviceFaults(args: ServiceArgs): Fault[] {
  return [
    ...taskFaults(args),
    ...scalingFaults(args),
    ...portFaults(args),
    ...routeFaults(args),
    ...leadingFaults(args),
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

/** The container that takes the requests must be one that does, as long as the task runs. */
function routeFaults(args: ServiceArgs): Fault[] {
  const container = args.kind === "web" ? args.route?.container : undefined;
  if (container === undefined) return [];
  const { sidecars = {} } = args;
  const takes = Object.keys(sidecars).filter(
    (name) => sidecars[name].port !== undefined && (sidecars[name].essential ?? true),
  );
  return takes.includes(container)
    ? []
    : [
        {
          path: "route.container",
          given: container,
          allowed:
            takes.join(" or ") || "a sidecar that is essential and has a port; there is none",
          fix: "name one, or remove it: the service's own container takes the requests then",
        },
      ];
}
