import { droppedCapabilities } from "./capabilities";
import type {
  ContainerCondition,
  ContainerDependencies,
  ContainerHealthCheckArgs,
} from "./containerArgs";
import type { RunningSidecar } from "./containers";
import { completeSidecar, kindDefinition, kindVariables } from "./readyMade";
import { awslogs, sortedByName, variablesOf, type LogPlace } from "./containerParts";
import type { ContainerSecret } from "./taskDefinition";
import { mountPoints } from "./volumes";
import { tmpfsMounts } from "./writablePaths";

export interface SidecarSpec extends LogPlace {
  readonly sidecar: RunningSidecar;
  readonly secrets: readonly ContainerSecret[];
  readonly stopTimeoutSeconds: number;
}

/** The entry of `containerDefinitions` of a sidecar, in ECS's own spelling and in a fixed order. */
export function sidecarDefinition(name: string, spec: SidecarSpec): Record<string, unknown> {
  const { image, port, cpu, memoryMiB, ...sidecar } = completeSidecar(spec.sidecar);
  const environment = { ...kindVariables(name, spec.sidecar, spec), ...sidecar.environment };
  const user = image.user ?? sidecar.user;
  const tmpfs = tmpfsMounts(sidecar.writablePaths ?? []);
  const linux = {
    ...droppedCapabilities(sidecar.capabilities),
    ...(tmpfs.length === 0 ? {} : { tmpfs }),
  };
  return {
    name,
    image: image.uri,
    essential: sidecar.essential ?? true,
    ...(image.entryPoint ? { entryPoint: image.entryPoint } : {}),
    ...(image.command ? { command: image.command } : {}),
    ...(user === undefined ? {} : { user }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memoryMiB === undefined ? {} : { memory: memoryMiB }),
    portMappings:
      port === undefined ? [] : [{ name, containerPort: port, hostPort: port, protocol: "tcp" }],
    environment: variablesOf(environment),
    secrets: sortedByName(spec.secrets),
    readonlyRootFilesystem: sidecar.readonlyRootFilesystem ?? true,
    mountPoints: mountPoints(sidecar.volumes ?? {}),
    stopTimeout: spec.stopTimeoutSeconds,
    ...(Object.keys(linux).length === 0 ? {} : { linuxParameters: linux }),
    ...containerOrder(sidecar.dependsOn, sidecar.healthCheck),
    ...kindDefinition(sidecar),
    logConfiguration: awslogs(name, spec),
  };
}

const conditions: Readonly<Record<ContainerCondition, string>> = {
  started: "START",
  healthy: "HEALTHY",
  complete: "COMPLETE",
  success: "SUCCESS",
};

/** `dependsOn` and `healthCheck` of a container definition; neither where there is none. */
export function containerOrder(
  dependsOn: ContainerDependencies = {},
  check?: ContainerHealthCheckArgs,
): Record<string, unknown> {
  const names = Object.keys(dependsOn).sort();
  return {
    ...(names.length === 0
      ? {}
      : {
          dependsOn: names.map((containerName) => ({
            containerName,
            condition: conditions[dependsOn[containerName]],
          })),
        }),
    ...(check === undefined
      ? {}
      : {
          healthCheck: {
            command:
              typeof check.command === "string"
                ? ["CMD-SHELL", check.command]
                : ["CMD", ...check.command],
            interval: check.intervalSeconds ?? 30,
            timeout: check.timeoutSeconds ?? 5,
            retries: check.retries ?? 3,
            startPeriod: check.startPeriodSeconds ?? 0,
          },
        }),
  };
}
