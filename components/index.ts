export {
  Network,
  type CreateNetworkArgs,
  type ExistingNetworkArgs,
  type NatStrategy,
  type NetworkArgs,
} from "./network";
export { Registry, type PullerArgs, type RegistryArgs } from "./registry";
export {
  EcsCluster,
  type Capacity,
  type CapacityProviderStrategyItem,
  type ContainerInsights,
  type Ec2Capacity,
  type EcsClusterArgs,
  type FargateCapacity,
  type FargateSpotCapacity,
} from "./ecsCluster";
export { ServiceAlarms, type ServiceAlarmsArgs } from "./serviceAlarms";
export { Observability } from "./observability";
export type {
  BudgetArgs,
  ObservabilityArgs,
  ObservedBounds,
  PublishedMetricArgs,
  WatchedCacheArgs,
  WatchedDatabaseArgs,
  WatchedJobArgs,
  WatchedLoadBalancerArgs,
  WatchedPipelineArgs,
  WatchedQueueArgs,
  WatchedServiceArgs,
} from "./observability/args";
export { AccessLogs, type AccessLogsArgs } from "./accessLogs";
export { EncryptionKey, type EncryptionKeyArgs } from "./encryptionKey";
export { LogExport, type LogExportArgs } from "./logExport";
export { AuditTrail, type AuditTrailArgs } from "./auditTrail";
export { Bucket, type BucketArgs, type CorsRule } from "./bucket";
export { Cache } from "./cache";
export type { CacheArgs, CacheLimits } from "./cache/args";
export type { CacheEngine } from "./cache/engine";
export { Database } from "./database";
export type { DatabaseArgs, ServerlessCapacity } from "./database/args";
export type { DatabaseEngine } from "./database/engine";
export {
  FileSystem,
  type CreateFileSystemArgs,
  type ExistingFileSystemArgs,
  type FileSystemArgs,
} from "./fileSystem";
export { Service } from "./service";
export type {
  CommonServiceArgs,
  PrivateServiceArgs,
  ServiceArgs,
  ServiceTransform,
  Transform,
  WebServiceArgs,
  WorkerServiceArgs,
} from "./service/args";
export { DriftCheck, type DriftCheckArgs } from "./driftCheck";
export { Job } from "./job";
export type { JobArgs, JobSchedule, JobTransform } from "./job/args";
export type { TaskArgs } from "./service/taskArgs";
export type {
  ContainerCondition,
  ContainerDependencies,
  ContainerHealthCheckArgs,
  ContainerOrder,
  SidecarArgs,
  Sidecars,
} from "./service/containerArgs";
export type { AlarmBounds } from "./service/alarmArgs";
export type { BurstArgs } from "./service/burstArgs";
export type { KernelCapability } from "./service/capabilities";
export type { EgressArgs } from "./service/egress";
export type { ReadyMade } from "./service/readyMade";
export type { CallingArgs, ConnectArgs } from "./service/connect";
export type { ConnectProtocol } from "./service/portMapping";
export { PrivateNames, type PrivateNamesArgs } from "./privateNames";
export type { DeploymentArgs, HoldArgs } from "./service/deployment";
export type { DeploymentStrategy, ShiftingStrategy } from "../contract/deploymentStrategy";
export type { ShiftTimes } from "./service/strategies";
export type { DomainArgs } from "./service/domain";
export {
  ExistingLoadBalancer,
  type ExistingLoadBalancerArgs,
  type FoundLoadBalancer,
} from "./service/existingLoadBalancer";
export { LoadBalancer } from "./service/loadBalancer";
export type { AccessLogsTarget, LoadBalancerArgs } from "./service/loadBalancerArgs";
export type { RequestLogsTarget } from "./shared/privateBucket";
export type { ServingLoadBalancer } from "./service/servingLoadBalancer";
export type { RouteProtocol } from "./service/protocol";
export type { HealthCheckArgs, RouteArgs } from "./service/routing";
export type { ScalingArgs } from "./service/autoscaling";
export type { BacklogArgs } from "./service/backlog";
export type { ScheduleArgs } from "./service/schedule";
export type { SpotArgs } from "./service/spot";
export type { Conditions, ConditionValue } from "./service/conditions";
export type { Permission } from "./service/statements";
export type { ContainerImage, CpuArchitecture } from "./service/taskDefinition";
export type { Ulimit, UlimitName, Ulimits } from "./service/ulimits";
export type { WritablePath } from "./service/writablePaths";
export type { EphemeralVolumeArgs } from "./service/ephemeralVolumes";
export type { Mount, Mounts, VolumeArgs, Volumes, VolumeSource } from "./service/volumes";
export { Queue, type QueueArgs, type QueueTopicArgs } from "./queue";
export type { QueueBucketArgs } from "./queue/bucketEvents";
export { ScheduleFailures, type ScheduleFailuresArgs } from "./scheduleFailures";
export type { ScheduleTimes } from "./shared/schedule";
export { WebAcl, type WebAclArgs } from "./webAcl";
export { Topic, type TopicArgs } from "./topic";
export { Notifications, type NotificationsArgs } from "./notifications";
export type { SlackChannelArgs, TeamsChannelArgs } from "./notifications/chat";
export { PullRequestProject, type PullRequestProjectArgs } from "./pullRequestProject";
export { PullRequestRole, type PullRequestRoleArgs } from "./pullRequestRole";
export type { PreviewedStackArgs } from "./pullRequest/previewStatements";
export { Pipeline } from "./pipeline";
export type * from "./pipeline/args";
export type { FetchedBundle } from "./pipeline/bundle";
export type { ActionCommands, PipelineActions, ProjectCommands } from "./pipeline/commands";
export type {
  CodeCommitSourceArgs,
  ConfigSourceArgs,
  GitHubSourceArgs,
  S3SourceArgs,
  SourceArgs,
} from "./pipeline/source";
export type { Tags } from "./shared/tags";
