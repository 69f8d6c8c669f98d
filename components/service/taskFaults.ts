import type { TaskArgs } from "./taskArgs";
import { isWhole, type Fault } from "../shared/validation";
import { conditionFaults } from "./conditions";
import { ephemeralFaults } from "./ephemeralVolumes";
import { nestedMountFaults } from "./nestedMounts";
import { isWithinHard } from "./ulimits";
import { volumeFaults } from "./volumes";
import { writablePathFaults } from "./writablePaths";
import { describeMemoryChoices, isFargateSize, nearestMemory } from "./fargateSizes";
import { containerFaults } from "./containerFaults";
import { optionFaults } from "./readyMade";
import { sidecarMountFaults } from "./sidecarMounts";
import { secretFaults } from "./secretFaults";

/** What is wrong with the arguments of a task: only what AWS would refuse late, or accept and not run. */
export function taskFaults(args: TaskArgs & { readonly port?: number }): Fault[] {
  return [
    ...sizeFaults(args),
    ...capacityFaults(args),
    ...ulimitFaults(args),
    ...secretFaults("secrets", args.secrets),
    ...permissionFaults(args),
    ...volumeFaults(args.volumes ?? {}),
    ...nestedMountFaults(args.volumes ?? {}, args.writablePaths),
    ...ephemeralFaults(args.volumes ?? {}, args.sidecars ?? {}),
    ...writablePathFaults(args.writablePaths ?? [], args.volumes ?? {}, args.memoryMiB ?? 512),
    ...securityGroupFaults(args),
    ...containerFaults(args),
    ...optionFaults(args.sidecars ?? {}),
    ...sidecarMountFaults(args.sidecars ?? {}, args.volumes ?? {}, args.memoryMiB ?? 512),
  ];
}

function sizeFaults({ cpu = 256, memoryMiB = 512, cluster }: TaskArgs): Fault[] {
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
          fix: "choose one of these sizes",
        },
      ]
    : [
        {
          path: "memoryMiB",
          given: memoryMiB,
          allowed: `${describeMemoryChoices(cpu)} with cpu ${cpu}`,
          fix: `set memoryMiB: ${memory}`,
        },
      ];
}

/** What there is on one capacity alone ("Fargate task definition differences" and "EphemeralStorage", ECS). */
function capacityFaults({ cluster, ephemeralStorageGiB, shmSizeMiB }: TaskArgs): Fault[] {
  const isFargate = cluster.launchTypes.includes("FARGATE");
  if (!isFargate && ephemeralStorageGiB !== undefined) {
    return [
      {
        path: "ephemeralStorageGiB",
        given: ephemeralStorageGiB,
        allowed: "nothing on hosts, whose disk their tasks share",
        fix: "remove it, and give the hosts larger disks",
      },
    ];
  }
  return [
    ...(ephemeralStorageGiB === undefined || isWhole(ephemeralStorageGiB, 21, 200)
      ? []
      : [
          {
            path: "ephemeralStorageGiB",
            given: ephemeralStorageGiB,
            allowed: "a whole number from 21 to 200",
            fix: "choose a size between, or remove it for the 20 GiB that every task has",
          },
        ]),
    ...(isFargate && shmSizeMiB !== undefined
      ? [
          {
            path: "shmSizeMiB",
            given: shmSizeMiB,
            allowed: "nothing on Fargate, which takes no size of /dev/shm",
            fix: "remove it, and keep large files elsewhere, or run the service on hosts",
          },
        ]
      : []),
  ];
}

function ulimitFaults({ ulimits = {} }: TaskArgs): Fault[] {
  return Object.entries(ulimits)
    .filter(([, limit]) => !isWithinHard(limit))
    .map(([name, { soft, hard }]) => ({
      path: `ulimits.${name}.soft`,
      given: soft,
      allowed: `at most ${hard}, which is the hard limit`,
      fix: "lower it, or raise hard",
    }));
}

function permissionFaults({ permissions = [] }: TaskArgs): Fault[] {
  return permissions.flatMap(({ actions, conditions = {} }, index) => [
    ...actions
      .filter((action) => /[*?]/.test(action))
      .map((action) => ({
        path: `permissions.${index}.actions`,
        given: action,
        allowed: "actions by their whole names, such as s3:GetObject",
        fix: "name each action that the tasks need",
      })),
    ...conditionFaults(`permissions.${index}.conditions`, conditions),
  ]);
}

/** Security groups of a task, its own among them ("AwsVpcConfiguration", ECS API reference). */
const mostSecurityGroups = 5;

function securityGroupFaults({ securityGroupIds = [] }: TaskArgs): Fault[] {
  return securityGroupIds.length < mostSecurityGroups
    ? []
    : [
        {
          path: "securityGroupIds",
          given: securityGroupIds.length,
          allowed: `at most ${mostSecurityGroups - 1} beside the service's own`,
          fix: "give one group the rules of several",
        },
      ];
}
