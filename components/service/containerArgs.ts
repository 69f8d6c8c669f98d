import type * as pulumi from "@pulumi/pulumi";
import type { KernelCapability } from "./capabilities";
import type { ReadyMade } from "./readyMade";
import type { ContainerImage } from "./taskDefinition";
import type { Mounts } from "./volumes";
import type { WritablePath } from "./writablePaths";

/**
 * What a container waits for before it starts: that another one was started, is healthy by its own check, has ended, or has
 * ended with 0.
 */
export type ContainerCondition = "started" | "healthy" | "complete" | "success";

/** By the name of the container that is waited for; the service's own is called `app`. */
export type ContainerDependencies = Readonly<Record<string, ContainerCondition>>;

/** A command that ECS runs within a container, whatever a load balancer finds ("HealthCheck", ECS API reference). */
export interface ContainerHealthCheckArgs {
  /** Healthy where it ends with 0. A text is for the container's shell; words are run as they are, without one. */
  readonly command: string | readonly string[];
  /** 5 to 300. Without it, 30. */
  readonly intervalSeconds?: number;
  /** 2 to 60. Without it, 5. */
  readonly timeoutSeconds?: number;
  /** How often in a row it must fail, 1 to 10. Without it, 3. */
  readonly retries?: number;
  /** Seconds after the start in which a failure does not count, 0 to 300. Without it, 0. */
  readonly startPeriodSeconds?: number;
}

/** When a container starts, and how ECS knows that it is well. */
export interface ContainerOrder {
  /** Without it, it starts at once. */
  readonly dependsOn?: ContainerDependencies;
  /** Without it, a container is well while it runs. */
  readonly containerHealthCheck?: ContainerHealthCheckArgs;
}

/** A container beside the service's own, in each of its tasks: they share its network, as `localhost`, and its size. */
export interface SidecarArgs {
  /**
   * What it is of those that are known: `openTelemetry` is the collector of the AWS Distro for OpenTelemetry, which sends the
   * service's traces to X-Ray and its metrics to CloudWatch; the service gets the variables that lead there, and its role the
   * rights. `fireLens` is AWS's Fluent Bit, which hands on what the service's own container logs. Without it, it is what its image is.
   */
  readonly kind?: ReadyMade;
  /**
   * Where `fireLens` hands the log on, as options of an output of Fluent Bit (`Name`, ...). One that is `${KEY}` is the secret
   * `KEY` of this sidecar. Without them, to the service's log group, in the streams that it would have without a router.
   */
  readonly options?: Readonly<Record<string, string>>;
  /** Configuration of Fluent Bit in the image of `fireLens`, beside what ECS generates. Without it, none. */
  readonly configFile?: string;
  /** Undefined while there is none: what starts its task may pull and read all that it will need, and the container is not there. */
  readonly image: ContainerImage | undefined;
  /** The repository to pull from. Without it, only public images can be. */
  readonly repositoryArn?: pulumi.Input<string>;
  /** The port that it listens on, 1 to 65535. Without it, none. */
  readonly port?: number;
  /** Environment variables in plain text. Without it, none. */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Environment variables from Secrets Manager and SSM, as a service has them. Without it, none. */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Whether the task ends with it. Without it, yes; no for `openTelemetry`. */
  readonly essential?: boolean;
  /** Without it, it starts at once. */
  readonly dependsOn?: ContainerDependencies;
  /** Without it, it is well while it runs; `openTelemetry` has a check. */
  readonly healthCheck?: ContainerHealthCheckArgs;
  /** User and group of the process, as in `1000:1000`. Without it, the image's own; root for `fireLens`, as ECS demands. */
  readonly user?: string;
  /** What it keeps of the kernel's capabilities, as a service has them; none for `openTelemetry`. */
  readonly capabilities?: readonly KernelCapability[];
  /** Without it, yes; no for `fireLens`. */
  readonly readonlyRootFilesystem?: boolean;
  /** Volumes of the service that it mounts as well, by name. Without it, none. */
  readonly volumes?: Mounts;
  /** Folders in memory that it may write to beside a read-only root. Without it, none. */
  readonly writablePaths?: readonly WritablePath[];
  /** CPU units of the task's that are its own. Without it, it shares what is left. */
  readonly cpu?: number;
  /** MiB of the task's memory that it ends at. Without it, the task's; 160 for `openTelemetry`. */
  readonly memoryMiB?: number;
}

export type Sidecars = Readonly<Record<string, SidecarArgs>>;
