export { Network, type NetworkArgs, type NatStrategy } from "./network";
export { Registry, type RegistryArgs } from "./registry";
export { EcsCluster, type EcsClusterArgs, type Capacity } from "./ecsCluster";
export { Service } from "./service";
export type {
  ServiceArgs,
  ServiceTransform,
  WebServiceArgs,
  WorkerServiceArgs,
} from "./service/args";
export { LoadBalancer, type LoadBalancerArgs } from "./service/loadBalancer";
export { Pipeline } from "./pipeline";
export type { PipelineArgs, PipelineServiceArgs } from "./pipeline/args";
