import { counted } from "../../../contract/counted";
import { shifts } from "../../../contract/deploymentStrategy";
import { knownFamilies, sizesOf, type InstanceType } from "../aws/instanceTypes";
import type { Check, Report } from "../checks";
import { oneOf } from "../fields";
import { nearest } from "../nearest";
import type {
  ClusterConfig,
  EnvironmentConfig,
  HostedServiceConfig,
  ScalingConfig,
} from "../types";

type Ec2 = Extract<ClusterConfig, { capacity: "ec2" }>["ec2"];

/** What tasks need of the hosts of `capacity: ec2`: CPU, memory, and a network interface each. */
export const checkInstances: Check = (config, report) => {
  if (config.cluster.capacity !== "ec2") return;
  const { ec2 } = config.cluster;
  const type = checkType(ec2, report);
  if (type) checkSizes(ec2, type, config, report);
  const tasks = ec2.tasksPerInstance ?? (type && type.interfaces - 1);
  if (tasks !== undefined) checkRoom(ec2, tasks, config, report);
};

function checkType(
  { instanceType, tasksPerInstance }: Ec2,
  report: Report,
): InstanceType | undefined {
  const [family, size] = instanceType.split(".");
  const sizes = sizesOf(family);
  const type = sizes?.get(size);
  // A type that is newer than the list is one of which the number of tasks was said.
  if (type !== undefined || tasksPerInstance !== undefined) return type;
  // Of two that are as near, the newer.
  const newestFirst = knownFamilies().sort().reverse();
  const meant = sizes ? family : (nearest(family, newestFirst) ?? "t3");
  report({
    path: ["cluster", "ec2", "instanceType"],
    allowed:
      sizes === undefined
        ? "a type that AWS has; beside one that is newer than Gantry knows, tasksPerInstance"
        : `a size that ${family} has: ${oneOf([...sizes.keys()])}`,
    fix: `set instanceType: ${meant}.${nearestSize(size, sizesOf(meant))}`,
  });
  return undefined;
}

function nearestSize(size: string, sizes: ReadonlyMap<string, InstanceType> = new Map()): string {
  const known = [...sizes.keys()];
  return nearest(size, known) ?? (known.includes("medium") ? "medium" : known[0]);
}

function checkSizes(
  { instanceType }: Ec2,
  type: InstanceType,
  { services }: EnvironmentConfig,
  report: Report,
) {
  const most = { cpu: type.vcpus * 1024, memoryMiB: type.memoryMiB - 1 };
  for (const [name, service] of Object.entries(services)) {
    for (const key of ["cpu", "memoryMiB"] as const) {
      if (service[key] <= most[key]) continue;
      report({
        path: ["services", name, key],
        allowed: `at most ${most[key]} on a ${instanceType}${key === "memoryMiB" ? ", whose system needs some too" : ""}`,
        fix: `lower ${key}, or choose a larger cluster.ec2.instanceType`,
        reads: [["cluster", "ec2", "instanceType"]],
      });
    }
  }
}

/**
 * Each task of `awsvpc` has a network interface of its own, and the host has one ("Elastic network interface trunking", ECS
 * developer guide): while services are deployed, their new tasks must find room beside the old ones.
 */
function checkRoom(
  { instanceType, maxInstances }: Ec2,
  tasksPerInstance: number,
  { services }: EnvironmentConfig,
  report: Report,
) {
  const needed = Object.values(services).reduce(
    (sum, service) => sum + (service.kind === "job" ? 1 : tasksOf(service)),
    0,
  );
  const room = maxInstances * tasksPerInstance;
  if (needed <= room) return;
  report({
    path: ["cluster", "ec2", "maxInstances"],
    given: `${maxInstances} ${instanceType}, with network interfaces for ${counted(room, "task")}`,
    allowed: `room for ${needed} tasks: the least of each service, and a new one of each while they are deployed`,
    fix: `set maxInstances: ${Math.ceil(needed / tasksPerInstance)}, or choose a type with more network interfaces; where the account has awsvpcTrunking on, say tasksPerInstance`,
    reads: [["cluster", "ec2", "instanceType"], ...minimums(services)],
  });
}

/** The tasks of a service while it is deployed: one more, none where they stop first, and all twice where requests go over. */
function tasksOf({ scaling, deployment: { strategy } }: HostedServiceConfig): number {
  const tasks = mostOfLeast(scaling);
  if (shifts(strategy)) return 2 * tasks;
  return strategy === "recreate" ? tasks : tasks + 1;
}

/** The most tasks that it has at least, at any time. */
function mostOfLeast({ min, schedule = [] }: ScalingConfig): number {
  return Math.max(min, ...schedule.map((entry) => entry.min));
}

function minimums(services: EnvironmentConfig["services"]): string[][] {
  return Object.keys(services).map((name) => ["services", name, "scaling", "min"]);
}
