import type * as pulumi from "@pulumi/pulumi";
import type { CapacityProviderStrategyItem } from "../ecsCluster";
import type { Tags } from "../shared/tags";
import type { KernelCapability } from "./capabilities";
import type { ContainerOrder, Sidecars } from "./containerArgs";
import type { EgressArgs } from "./egress";
import type { Permission } from "./statements";
import type { ContainerImage, CpuArchitecture } from "./taskDefinition";
import type { Ulimits } from "./ulimits";
import type { Volumes } from "./volumes";
import type { WritablePath } from "./writablePaths";

/** What a task is and where it runs, whoever starts it. */
export interface TaskArgs extends ContainerOrder {
  /** Family of its task definitions. */
  readonly taskFamily: string;
  /** Such as an `EcsCluster`. */
  readonly cluster: {
    readonly clusterArn: pulumi.Input<string>;
    readonly clusterName: pulumi.Input<string>;
    readonly capacityProviderStrategies: readonly CapacityProviderStrategyItem[];
    readonly launchTypes: readonly string[];
    /** What a service waits for before it is created. Without it, nothing. */
    readonly serviceHooks?: pulumi.ResourceHookBinding;
    readonly execLogGroupArn: pulumi.Input<string>;
    /** The key that encrypts sessions in its tasks. Without it, TLS alone does. */
    readonly execKeyArn?: pulumi.Input<string>;
  };
  /** Such as a `Network`. */
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly publicSubnetIds: pulumi.Input<string[]>;
    readonly taskSubnetIds: pulumi.Input<string[]>;
    readonly assignPublicIp: boolean;
  };
  readonly image: ContainerImage;
  /** The repository to pull from. Without it, only public images can be. */
  readonly repositoryArn?: pulumi.Input<string>;
  /** CPU units, 1024 to a virtual CPU. Without it, 256. */
  readonly cpu?: number;
  /** Without it, 512. On Fargate it must go with `cpu`. */
  readonly memoryMiB?: number;
  /** Without it, `X86_64`. */
  readonly architecture?: CpuArchitecture;
  /** Environment variables in plain text. `PORT` is set for a web service. */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Environment variables from Secrets Manager and SSM: names or ARNs; of what is an output, ARNs. */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /** What the code may do in AWS. Without it, nothing. */
  readonly permissions?: readonly Permission[];
  /** Security groups of its tasks beside its own, at most 4. Without it, none. */
  readonly securityGroupIds?: readonly pulumi.Input<string>[];
  /** Where its tasks may connect; what they need to start must be among it. Without it, everywhere. */
  readonly egress?: readonly EgressArgs[];
  /** Seconds between SIGTERM and SIGKILL, 1 to 120. Without it, 30. */
  readonly stopTimeoutSeconds?: number;
  /** Whether people may open a session in a task; what they type is logged. Without it, no. */
  readonly exec?: boolean;
  /** Without it, yes. */
  readonly readonlyRootFilesystem?: boolean;
  /** Folders of files that outlive the task, and ones that its containers share until it ends, by name. Without them, none. */
  readonly volumes?: Volumes;
  /** Folders that its container may write to beside a read-only root file system: empty in each task, and in memory. */
  readonly writablePaths?: readonly WritablePath[];
  /** GiB of storage that a task has while it runs, its image included: 21 to 200, on Fargate only. Without it, 20 there. */
  readonly ephemeralStorageGiB?: number;
  /** Resource limits by name, as `{ nofile: { soft: 1024, hard: 65536 } }`. Without one, what the host has. */
  readonly ulimits?: Ulimits;
  /** Whether the container's first process is one that passes on signals and reaps zombies. Without it, yes. */
  readonly initProcess?: boolean;
  /** MiB of `/dev/shm`, of the task's memory; not on Fargate. Without it, Docker's 64. */
  readonly shmSizeMiB?: number;
  /**
   * What its container keeps of the kernel's capabilities that Docker gives; an empty list drops all. Without it, what programs need that
   * begin as root and go on as another user (`keptCapabilities`).
   */
  readonly capabilities?: readonly KernelCapability[];
  /** User and group of the process, as in `1000:1000`. Without it, the image's own. */
  readonly user?: string;
  /** Containers beside its own in each task, by name. Without it, none. */
  readonly sidecars?: Sidecars;
  /** Without it, Pulumi names the log group and keeps it for 30 days. */
  readonly logs?: { readonly logGroupName?: string; readonly retentionDays: number };
  readonly tags?: Tags;
}
