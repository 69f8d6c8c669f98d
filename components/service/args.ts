import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmBounds } from "./alarmArgs";
import type { ScalingArgs } from "./autoscaling";
import type { CallingArgs, ConnectArgs } from "./connect";
import type { DeploymentArgs } from "./deployment";
import type { HealthCheckArgs, RouteArgs } from "./routing";
import type { ServingLoadBalancer } from "./servingLoadBalancer";
import type { SpotArgs } from "./spot";
import type { TaskArgs } from "./taskArgs";

/** What services of every kind have in common. */
export interface CommonServiceArgs extends TaskArgs {
  /** Physical name of the service, which delivery and people must know. */
  readonly serviceName: string;
  readonly scaling: ScalingArgs;
  /** Its tasks on Fargate Spot: all, from one on, or with `false` none. Without it, what its cluster has for all. */
  readonly spot?: boolean | SpotArgs;
  /**
   * Alarms that watch it, and end its deployments: ECS goes back while which one fires. `false` takes them off again. Without
   * it, nothing watches, and what ECS watched it still does.
   */
  readonly alarms?: AlarmBounds | false;
  /** Alarms that watch it and have no say in its deployments, where `alarms` asks for none. Without it, nothing watches. */
  readonly watch?: AlarmBounds;
  /** How its tasks are exchanged. Without it, new ones are healthy before old ones leave. */
  readonly deployment?: DeploymentArgs;
  /** Where ECS keeps the addresses of its tasks, such as one of `PrivateNames`. Without it, its tasks have no name in DNS. */
  readonly registryArn?: pulumi.Input<string>;
  /** Last changes to what is handed to AWS. */
  readonly transform?: ServiceTransform;
}

export interface WebServiceArgs extends CommonServiceArgs {
  readonly kind: "web";
  /** The port that the container listens on, 1 to 65535. */
  readonly port: number;
  /** Shared with other services: a `LoadBalancer` or an `ExistingLoadBalancer`. Without it, the service gets one of its own. */
  readonly loadBalancer?: ServingLoadBalancer;
  /** Without it, every request. */
  readonly route?: RouteArgs;
  readonly healthCheck?: HealthCheckArgs;
  /**
   * When requests are led to it: once as many of its tasks are healthy as it has at any time (`scaling.min`, and the least
   * of its schedule), or at once. What answered them before does so until then. Without it, `whenHealthy`.
   */
  readonly cutover?: "whenHealthy" | "atOnce";
  /** Seconds that a task which leaves may finish its requests in, 0 to 3600. Without it, 15. */
  readonly drainSeconds?: number;
  /** Without it, it calls no service, and none calls it. */
  readonly connect?: ConnectArgs;
}

export interface PrivateServiceArgs extends CommonServiceArgs {
  readonly kind: "private";
  /** The port that the container listens on, 1 to 65535, and by which others call it. */
  readonly port: number;
  /** Its name for others, and what it calls. */
  readonly connect: ConnectArgs & { readonly alias: string };
}

export interface WorkerServiceArgs extends CommonServiceArgs {
  readonly kind: "worker";
  /** Without it, it calls no service. */
  readonly connect?: CallingArgs;
}

export type ServiceArgs = WebServiceArgs | PrivateServiceArgs | WorkerServiceArgs;

export type Transform<T> = (args: T) => T;

export interface ServiceTransform {
  readonly taskDefinition?: Transform<aws.ecs.TaskDefinitionArgs>;
  readonly service?: Transform<aws.ecs.ServiceArgs>;
}
