import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { CapacityProviderStrategyItem } from "../ecsCluster";
import type { Tags } from "../shared/tags";
import type { ScalingArgs } from "./autoscaling";
import type { DeploymentArgs } from "./deployment";
import type { LoadBalancer } from "./loadBalancer";
import type { HealthCheckArgs, RouteArgs } from "./routing";
import type { Permission } from "./statements";
import type { ContainerImage, CpuArchitecture } from "./taskDefinition";
import type { Ulimits } from "./ulimits";

/** What web services and workers have in common. */
export interface CommonServiceArgs {
  /** Physical name of the service, which delivery and people must know. */
  readonly serviceName: string;
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
  readonly scaling: ScalingArgs;
  /** How its tasks are exchanged. Without it, new ones are healthy before old ones leave. */
  readonly deployment?: DeploymentArgs;
  /** Environment variables in plain text. `PORT` is set for a web service. */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Environment variables from Secrets Manager and SSM: names or ARNs; of what is an output, ARNs. */
  readonly secrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /** What the code may do in AWS. Without it, nothing. */
  readonly permissions?: readonly Permission[];
  /** Security groups of its tasks beside its own, at most 4. Without it, none. */
  readonly securityGroupIds?: readonly pulumi.Input<string>[];
  /** Seconds between SIGTERM and SIGKILL, 1 to 120. Without it, 30. */
  readonly stopTimeoutSeconds?: number;
  /** Whether people may open a session in a task; what they type is logged. Without it, no. */
  readonly exec?: boolean;
  /** Without it, yes. */
  readonly readonlyRootFilesystem?: boolean;
  /** GiB of storage that a task has while it runs, its image included: 21 to 200, on Fargate only. Without it, 20 there. */
  readonly ephemeralStorageGiB?: number;
  /** Resource limits by name, as `{ nofile: { soft: 1024, hard: 65536 } }`. Without one, what the host has. */
  readonly ulimits?: Ulimits;
  /** Whether the container's first process is one that passes on signals and reaps zombies. Without it, yes. */
  readonly initProcess?: boolean;
  /** MiB of `/dev/shm`, of the task's memory; not on Fargate. Without it, Docker's 64. */
  readonly shmSizeMiB?: number;
  /** User and group of the process, as in `1000:1000`. Without it, the image's own. */
  readonly user?: string;
  /** Without it, Pulumi names the log group and keeps it for 30 days. */
  readonly logs?: { readonly logGroupName?: string; readonly retentionDays: number };
  /** Last changes to what is handed to AWS. */
  readonly transform?: ServiceTransform;
  readonly tags?: Tags;
}

export interface WebServiceArgs extends CommonServiceArgs {
  readonly kind: "web";
  /** The port that the container listens on, 1 to 65535. */
  readonly port: number;
  /** Shared with other services. Without it, the service gets one of its own. */
  readonly loadBalancer?: LoadBalancer;
  /** Without it, every request. */
  readonly route?: RouteArgs;
  readonly healthCheck?: HealthCheckArgs;
  /**
   * When requests are led to it: once as many of its tasks as `scaling.min` are healthy, or at once. What answered them
   * before does so until then. Without it, `whenHealthy`.
   */
  readonly cutover?: "whenHealthy" | "atOnce";
  /** Seconds that a task which leaves may finish its requests in, 0 to 3600. Without it, 15. */
  readonly drainSeconds?: number;
}

export interface WorkerServiceArgs extends CommonServiceArgs {
  readonly kind: "worker";
}

export type ServiceArgs = WebServiceArgs | WorkerServiceArgs;

export type Transform<T> = (args: T) => T;

export interface ServiceTransform {
  readonly taskDefinition?: Transform<aws.ecs.TaskDefinitionArgs>;
  readonly service?: Transform<aws.ecs.ServiceArgs>;
}
