import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awaitFargate, fargateProviders } from "./ecsCluster/fargate";
import { instances } from "./ecsCluster/instances";
import type { CpuArchitecture } from "./service/taskDefinition";
import type { Tags } from "./shared/tags";
import { refuse, type Fault } from "./shared/validation";

/** Fargate alone: no hosts to care for. */
export interface FargateCapacity {
  readonly type: "fargate";
}

/** Fargate Spot, about 70 percent cheaper, which AWS may take back with two minutes' notice. */
export interface FargateSpotCapacity {
  readonly type: "fargateSpot";
  /** Tasks of each service that always run on demand, so that a service survives when Spot runs dry. */
  readonly onDemandBase: number;
  /** Beyond the base: the parts on demand and on Spot, as in 1 to 3. */
  readonly onDemandWeight: number;
  readonly spotWeight: number;
}

/** Hosts of your own, scaled by ECS to what the tasks need. */
export interface Ec2Capacity {
  readonly type: "ec2";
  readonly instanceType: string;
  readonly minInstances: number;
  readonly maxInstances: number;
  /** How full ECS keeps the hosts, 1 to 100 percent. */
  readonly targetCapacityPercent: number;
  readonly architecture: CpuArchitecture;
  /** Where the hosts run, such as a `Network`. */
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly taskSubnetIds: pulumi.Input<string[]>;
    readonly assignPublicIp: boolean;
  };
}

export type Capacity = FargateCapacity | FargateSpotCapacity | Ec2Capacity;

/** Per-container metrics in CloudWatch: none, by service, or by task and container; the last two cost by metric. */
export type ContainerInsights = "disabled" | "enabled" | "enhanced";

export interface EcsClusterArgs {
  /** Physical name, which delivery and people must know. */
  readonly clusterName: string;
  readonly capacity: Capacity;
  /** Without it, `disabled`. */
  readonly containerInsights?: ContainerInsights;
  /** Where what people type in an exec session is kept. Without it, Pulumi names the group, for 90 days. */
  readonly execLog?: { readonly logGroupName?: string; readonly retentionDays: number };
  /**
   * ARN of the KMS key that encrypts exec sessions between client and task, and their log. Whoever opens one needs
   * `kms:GenerateDataKey` on it. Without it, sessions are encrypted by TLS alone, and the log by CloudWatch Logs' own key.
   */
  readonly execKeyArn?: pulumi.Input<string>;
  readonly tags?: Tags;
}

export interface CapacityProviderStrategyItem {
  readonly capacityProvider: pulumi.Input<string>;
  readonly base?: number;
  readonly weight: number;
}

/**
 * An ECS cluster with its capacity, a Service Connect namespace, and exec sessions that leave an audit log.
 *
 * The cluster is free; tasks, hosts and Container Insights cost.
 *
 * @example
 * new EcsCluster("shop", { clusterName: "shop-staging", capacity: { type: "fargate" } });
 * @example
 * new EcsCluster("shop", { clusterName: "shop-production", containerInsights: "enhanced",
 *   capacity: { type: "ec2", instanceType: "t4g.medium", architecture: "ARM64", minInstances: 2, maxInstances: 6,
 *     targetCapacityPercent: 90, network },
 *   execLog: { logGroupName: "/gantry/shop/production/exec", retentionDays: 365 },
 *   execKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef", tags: { team: "shop" } });
 */
export class EcsCluster extends pulumi.ComponentResource {
  readonly clusterArn: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  /** Services name it themselves: one that inherits the cluster's default shows a change at every refresh. */
  readonly capacityProviderStrategies: readonly CapacityProviderStrategyItem[];
  readonly launchTypes: readonly ["FARGATE"] | readonly ["EC2"];
  /** What a service of the cluster waits for before it is created. Absent where dependencies say it. */
  readonly serviceHooks?: pulumi.ResourceHookBinding;
  readonly namespaceArn: pulumi.Output<string>;
  readonly execLogGroupArn: pulumi.Output<string>;
  /** The key that encrypts sessions. Undefined where TLS alone does. */
  readonly execKeyArn?: pulumi.Input<string>;

  constructor(name: string, args: EcsClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    // What is protected says so itself: the rest comes and goes with config.
    super("gantry:index:EcsCluster", name, {}, { ...opts, protect: false });
    const { capacity } = args;
    refuse(this, "EcsCluster", capacityFaults(capacity));

    const kept = { parent: this, protect: opts?.protect };
    const namespace = this.namespace(name, args);
    const execLogGroup = this.execLogGroup(name, args, kept);
    const cluster = this.cluster(name, args, namespace, execLogGroup, kept);
    this.capacityProviderStrategies = this.capacity(name, args);
    const attached = this.attach(name, cluster);

    if (capacity.type === "ec2") {
      // Only once its hosts are attached can a service use them.
      this.clusterArn = pulumi.all([cluster.arn, attached.id]).apply(([arn]) => arn);
    } else {
      // Hosts of before are detached once no service uses them, which the services must not wait for.
      this.clusterArn = cluster.arn;
      this.serviceHooks = { beforeCreate: [awaitFargate] };
    }
    this.clusterName = cluster.name;
    this.launchTypes = capacity.type === "ec2" ? ["EC2"] : ["FARGATE"];
    this.namespaceArn = namespace.arn;
    this.execLogGroupArn = execLogGroup.arn;
    this.execKeyArn = args.execKeyArn;
    this.registerOutputs({
      clusterArn: this.clusterArn,
      clusterName: this.clusterName,
      namespaceArn: this.namespaceArn,
      execLogGroupArn: this.execLogGroupArn,
    });
  }

  private namespace(name: string, args: EcsClusterArgs): aws.servicediscovery.HttpNamespace {
    return new aws.servicediscovery.HttpNamespace(
      `${name}-namespace`,
      { name: args.clusterName, tags: args.tags },
      { parent: this },
    );
  }

  private execLogGroup(
    name: string,
    { execLog, execKeyArn, tags }: EcsClusterArgs,
    kept: pulumi.CustomResourceOptions,
  ): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      `${name}-exec`,
      {
        name: execLog?.logGroupName,
        retentionInDays: execLog?.retentionDays ?? 90,
        kmsKeyId: execKeyArn,
        tags,
      },
      kept,
    );
  }

  private cluster(
    name: string,
    args: EcsClusterArgs,
    namespace: aws.servicediscovery.HttpNamespace,
    execLogGroup: aws.cloudwatch.LogGroup,
    kept: pulumi.CustomResourceOptions,
  ): aws.ecs.Cluster {
    const { execKeyArn } = args;
    return new aws.ecs.Cluster(
      name,
      {
        name: args.clusterName,
        settings: [{ name: "containerInsights", value: args.containerInsights ?? "disabled" }],
        configuration: {
          executeCommandConfiguration: {
            logging: "OVERRIDE",
            kmsKeyId: execKeyArn,
            logConfiguration: {
              cloudWatchLogGroupName: execLogGroup.name,
              // The agent refuses a session whose log is not encrypted with a key of KMS.
              ...(execKeyArn === undefined ? {} : { cloudWatchEncryptionEnabled: true }),
            },
          },
        },
        serviceConnectDefaults: { namespace: namespace.arn },
        tags: args.tags,
      },
      kept,
    );
  }

  private capacity(name: string, args: EcsClusterArgs): CapacityProviderStrategyItem[] {
    const { capacity, clusterName, tags } = args;
    switch (capacity.type) {
      case "fargate":
        return [{ capacityProvider: "FARGATE", weight: 1 }];
      case "fargateSpot":
        return [
          {
            capacityProvider: "FARGATE",
            base: capacity.onDemandBase,
            weight: capacity.onDemandWeight,
          },
          { capacityProvider: "FARGATE_SPOT", weight: capacity.spotWeight },
        ];
      case "ec2": {
        const { vpcId, taskSubnetIds, assignPublicIp } = capacity.network;
        const provider = instances(
          name,
          { ...capacity, vpcId, subnetIds: taskSubnetIds, assignPublicIp, clusterName, tags },
          this,
        );
        return [{ capacityProvider: provider.name, weight: 1 }];
      }
    }
  }

  /**
   * Fargate is always attached, since it costs nothing: so services can leave it and come to it, and it never has to be
   * taken away from tasks that use it. Hosts come before the services that use them. When these have left, AWS refuses to
   * detach the hosts until the last task is gone, which the provider waits for (10 minutes).
   */
  private attach(name: string, cluster: aws.ecs.Cluster): aws.ecs.ClusterCapacityProviders {
    const strategies = [...this.capacityProviderStrategies];
    const used = strategies.map(({ capacityProvider }) => capacityProvider);
    const hosts = used.filter((provider) => !fargateProviders.some((each) => each === provider));
    return new aws.ecs.ClusterCapacityProviders(
      `${name}-capacity`,
      {
        clusterName: cluster.name,
        capacityProviders: [...fargateProviders, ...hosts],
        defaultCapacityProviderStrategies: strategies,
      },
      { parent: this },
    );
  }
}

function capacityFaults(capacity: Capacity): Fault[] {
  if (capacity.type === "fargateSpot" && capacity.onDemandWeight + capacity.spotWeight === 0) {
    return [
      {
        path: "capacity.spotWeight",
        given: 0,
        allowed: "a weight above zero here or in onDemandWeight",
        fix: "set spotWeight: 3 and onDemandWeight: 1",
      },
    ];
  }
  if (capacity.type === "ec2" && capacity.minInstances > capacity.maxInstances) {
    return [
      {
        path: "capacity.minInstances",
        given: capacity.minInstances,
        allowed: `0 to ${capacity.maxInstances}, which is maxInstances`,
        fix: "raise maxInstances or lower minInstances",
      },
    ];
  }
  return [];
}
