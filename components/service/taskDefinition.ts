import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { appContainer } from "../../contract/containers";
import { droppedCapabilities, type KernelCapability } from "./capabilities";
import type { ContainerOrder } from "./containerArgs";
import { sortedByName, variablesOf, type LogPlace } from "./containerParts";
import { ownLog, variablesOfReadyMade, waitsForReadyMade, type Beside } from "./readyMade";
import { containerOrder } from "./sidecars";
import { portMapping, type ConnectProtocol } from "./portMapping";
import { containerUlimits, type Ulimits } from "./ulimits";
import { ownMounts, type DeclaredVolumes } from "./ephemeralVolumes";
import { mountPoints, volumeDefinitions, type Volumes } from "./volumes";
import { tmpfsMounts, type WritablePath } from "./writablePaths";

export type CpuArchitecture = "X86_64" | "ARM64";

/** What a container runs. */
export interface ContainerImage {
  /** `<repository>@sha256:<digest>`, or `<repository>:<tag>`. */
  readonly uri: pulumi.Input<string>;
  /** Overrides the image's own entry point, and drops its command. Without it, that one runs. */
  readonly entryPoint?: readonly string[];
  /** Overrides the image's own command. Without it, that one runs. */
  readonly command?: readonly string[];
  /** User that the image must run as, whatever the service says. */
  readonly user?: string;
  /** Whether the health check of its container is none for it. Without it, it is one. */
  readonly withoutHealthCheck?: boolean;
}

export interface ContainerSecret {
  /** Name of the environment variable. */
  readonly name: string;
  /** ARN of a Secrets Manager secret (with ECS's suffixes) or of an SSM parameter. */
  readonly valueFrom: pulumi.Input<string>;
}

export interface ContainerSpec extends LogPlace, ContainerOrder {
  /** Of its task definitions. */
  readonly taskFamily: string;
  /** The sidecars that run in its task. Without them, none. */
  readonly sidecars?: Readonly<Record<string, Beside>>;
  /** Theirs, by name. Without it, none has any. */
  readonly sidecarSecrets?: (name: string) => readonly ContainerSecret[];
  readonly image: ContainerImage;
  /** Without it, the container listens on none. */
  readonly port?: number;
  /** What other services speak at that port. Without it, none calls it. */
  readonly protocol?: ConnectProtocol;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  readonly secrets: readonly ContainerSecret[];
  readonly stopTimeoutSeconds: number;
  readonly readonlyRootFilesystem: boolean;
  /** User and group, as in `1000:1000`. Without it, the image's own. */
  readonly user?: string;
  readonly exec: boolean;
  readonly ulimits: Ulimits;
  readonly initProcess: boolean;
  /** Without it, `keptCapabilities`. */
  readonly capabilities?: readonly KernelCapability[];
  /** MiB of `/dev/shm`. Without it, Docker's own. */
  readonly shmSizeMiB?: number;
  /** Without them, none. */
  readonly volumes?: DeclaredVolumes;
  readonly writablePaths?: readonly WritablePath[];
}

/**
 * Where the agent behind `aws ecs execute-command` writes. Volumes there let exec and a read-only root file system go
 * together, which they do not otherwise ("Monitor Amazon ECS containers with ECS Exec", Amazon ECS developer guide).
 */
const execAgentPaths = { "exec-state": "/var/lib/amazon", "exec-log": "/var/log/amazon" } as const;

function needsExecVolumes(spec: Pick<ContainerSpec, "exec" | "readonlyRootFilesystem">): boolean {
  return spec.exec && spec.readonlyRootFilesystem;
}

function execMounts(spec: ContainerSpec): Record<string, unknown>[] {
  if (!needsExecVolumes(spec)) return [];
  return Object.entries(execAgentPaths).map(([sourceVolume, containerPath]) => ({
    sourceVolume,
    containerPath,
    readOnly: false,
  }));
}

/** The volumes of the task of `spec`. */
export function taskVolumes(
  spec: Pick<ContainerSpec, "exec" | "readonlyRootFilesystem"> & { readonly volumes?: Volumes },
): aws.types.input.ecs.TaskDefinitionVolume[] {
  const ofExec = needsExecVolumes(spec)
    ? Object.keys(execAgentPaths).map((name) => ({ name }))
    : [];
  return [...ofExec, ...volumeDefinitions(spec.volumes ?? {})];
}

/** One entry of `containerDefinitions`, in ECS's own spelling and in a fixed order, so that equal input is no change. */
export function containerDefinition(spec: ContainerSpec): Record<string, unknown> {
  const { sidecars = {}, sidecarSecrets = () => [] } = spec;
  const environment = {
    ...variablesOfReadyMade(sidecars, spec.taskFamily),
    ...spec.environment,
    ...(spec.port === undefined ? {} : { PORT: String(spec.port) }),
  };
  const user = spec.image.user ?? spec.user;
  const ulimits = containerUlimits(spec.ulimits);
  const tmpfs = tmpfsMounts(spec.writablePaths ?? []);
  return {
    name: appContainer,
    image: spec.image.uri,
    essential: true,
    ...(spec.image.entryPoint ? { entryPoint: spec.image.entryPoint } : {}),
    ...(spec.image.command ? { command: spec.image.command } : {}),
    ...(user === undefined ? {} : { user }),
    portMappings: spec.port === undefined ? [] : [portMapping(spec.port, spec.protocol)],
    environment: variablesOf(environment),
    secrets: sortedByName(spec.secrets),
    readonlyRootFilesystem: spec.readonlyRootFilesystem,
    mountPoints: [...execMounts(spec), ...mountPoints(ownMounts(spec.volumes ?? {}))],
    stopTimeout: spec.stopTimeoutSeconds,
    ...(ulimits.length === 0 ? {} : { ulimits }),
    linuxParameters: {
      // It reaps zombies, the exec agent's among them.
      initProcessEnabled: spec.initProcess,
      ...droppedCapabilities(spec.capabilities),
      ...(spec.shmSizeMiB === undefined ? {} : { sharedMemorySize: spec.shmSizeMiB }),
      ...(tmpfs.length === 0 ? {} : { tmpfs }),
    },
    ...containerOrder(
      { ...waitsForReadyMade(sidecars), ...spec.dependsOn },
      spec.image.withoutHealthCheck ? undefined : spec.containerHealthCheck,
    ),
    logConfiguration: ownLog(appContainer, sidecars, sidecarSecrets, spec),
  };
}
