import type { z } from "zod";
import type { environmentSchema } from "./environment";
import type { OwnReference } from "./own";

type Sections = z.output<ReturnType<typeof environmentSchema>>;

/** The whole config of a stack, checked, with every default filled in. */
export interface EnvironmentConfig extends Sections {
  /** The Pulumi stack. */
  stack: string;
  /** The region, where config or environment names it. */
  region?: string;
}

export type NetworkConfig = EnvironmentConfig["network"];
export type CreatedNetworkConfig = Extract<NetworkConfig, { mode: "create" }>;
export type ExistingNetworkConfig = Extract<NetworkConfig, { mode: "existing" }>;
export type ClusterConfig = EnvironmentConfig["cluster"];
export type LoadBalancerConfig = EnvironmentConfig["loadBalancer"];
export type LogsConfig = EnvironmentConfig["logs"];
export type RegistryConfig = EnvironmentConfig["registry"];
export type ServicesConfig = EnvironmentConfig["services"];
export type ServiceConfig = ServicesConfig[string];
export type WebServiceConfig = Extract<ServiceConfig, { kind: "web" }>;
export type WorkerServiceConfig = Extract<ServiceConfig, { kind: "worker" }>;
export type PrivateServiceConfig = Extract<ServiceConfig, { kind: "private" }>;
export type JobServiceConfig = Extract<ServiceConfig, { kind: "job" }>;
export type HealthCheckConfig = WebServiceConfig["healthCheck"];
export type RouteConfig = WebServiceConfig["route"];
export type SubscriptionConfig = ServiceConfig["subscribes"][string];
export type BucketSubscriptionConfig = Extract<SubscriptionConfig, { bucket: string }>;
export type TopicSubscriptionConfig = Exclude<SubscriptionConfig, { bucket: string }>;
/** A service that ECS keeps running. */
export type HostedServiceConfig = Exclude<ServiceConfig, JobServiceConfig>;
export type ScalingConfig = HostedServiceConfig["scaling"];
/** A statement that stands in config itself. */
export type PermissionConfig = Exclude<ServiceConfig["permissions"][number], OwnReference>;
export type PipelineConfig = NonNullable<EnvironmentConfig["pipeline"]>;
export type SourceConfig = NonNullable<PipelineConfig["source"]>;
export type PromoteToConfig = NonNullable<PipelineConfig["promoteTo"]>;
