import type { ServiceArgs } from "./args";
import type { Fault } from "../shared/validation";
import { describeMemoryChoices, isFargateSize, nearestMemory } from "./fargateSizes";
import { allowedSecretReference, parseSecretReference } from "./secretReference";

/** What is wrong with the arguments of a service: only what AWS would refuse late, or accept and not run. */
export function serviceFaults(args: ServiceArgs): Fault[] {
  return [
    ...sizeFaults(args),
    ...scalingFaults(args),
    ...portFaults(args),
    ...secretFaults(args),
    ...permissionFaults(args),
  ];
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

function secretFaults({ secrets = {} }: ServiceArgs): Fault[] {
  return Object.entries(secrets).flatMap(([variable, text]) => {
    try {
      parseSecretReference(text);
      return [];
    } catch (error) {
      return [
        {
          path: `secrets.${variable}`,
          // Never the text, which may be the secret itself.
          given: error instanceof Error ? error.message : "a text",
          allowed: allowedSecretReference,
          mend: "put the value into Secrets Manager or SSM and name it here",
        },
      ];
    }
  });
}

function permissionFaults({ permissions = [] }: ServiceArgs): Fault[] {
  return permissions.flatMap(({ actions }, index) =>
    actions
      .filter((action) => /[*?]/.test(action))
      .map((action) => ({
        path: `permissions.${index}.actions`,
        given: action,
        allowed: "actions by their whole names, such as s3:GetObject",
        mend: "name each action that the tasks need",
      })),
  );
}
