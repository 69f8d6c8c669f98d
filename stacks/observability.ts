import type * as pulumi from "@pulumi/pulumi";
import {
  Job,
  LoadBalancer,
  Observability,
  type EcsCluster,
  type ObservabilityArgs,
  type Pipeline,
  type Service,
  type WatchedCacheArgs,
  type WatchedDatabaseArgs,
  type WatchedJobArgs,
  type WatchedQueueArgs,
  type WatchedServiceArgs,
} from "../components";
import type { Tags } from "../components/shared/tags";
import { driftMetrics } from "../contract/drift";
import type { EnvironmentNames } from "../contract/names";
import type { NotificationKind } from "../contract/notification";
import type { EnvironmentConfig } from "./config";
import { environmentTags } from "./config/tags";
import type { HostedServiceConfig } from "./config/types";
import type { Data } from "./data";
import { driftSchedule } from "./driftSchedule";
import type { LoadBalancers } from "./loadBalancers";
import type { Messages } from "./messages";

interface ObservedParts {
  readonly config: EnvironmentConfig;
  readonly names: EnvironmentNames;
  readonly cluster: EcsCluster;
  readonly balancers: LoadBalancers;
  readonly data: Pick<Data, "caches" | "databases">;
  readonly messages: Messages;
  readonly services: readonly (readonly [string, Service | Job])[];
  readonly pipeline: Pipeline | undefined;
  /** What is told when something begins and ends. */
  readonly alarmActions: readonly pulumi.Input<string>[];
  readonly tags: Tags;
  readonly options: pulumi.ComponentResourceOptions;
}

/** What shows how the environment is, and tells of it. */
export function createObservability(parts: ObservedParts): Observability {
  return new Observability(parts.names.prefix, observabilityArgs(parts), parts.options);
}

function observabilityArgs(parts: ObservedParts): ObservabilityArgs {
  const { config, names, cluster, services, balancers, alarmActions, tags } = parts;
  const { alarms } = config;
  return {
    environmentName: names.prefix,
    logRetentionDays: config.logs.retentionDays,
    cluster: {
      clusterArn: cluster.clusterArn,
      clusterName: cluster.clusterName,
      countsTasks: config.cluster.containerInsights !== "disabled",
      execLogGroupName: names.execLogGroup,
    },
    services: Object.fromEntries(
      services.flatMap(([name, made]) =>
        made instanceof Job ? [] : [[name, watchedService(name, made, parts)] as const],
      ),
    ),
    jobs: Object.fromEntries(
      services.flatMap(([name, made]) =>
        made instanceof Job ? [[name, watchedJob(name, made, parts)] as const] : [],
      ),
    ),
    ...watchedData(parts),
    loadBalancers: Object.fromEntries(
      Object.entries(balancers).flatMap(([side, balancer]) =>
        balancer instanceof LoadBalancer
          ? [[side, { arnSuffix: balancer.arnSuffix }] as const]
          : [],
      ),
    ),
    pipeline: watchedPipeline(parts),
    alarms,
    notifies: alarmActions,
    dashboard: config.dashboard,
    budget: alarms && alarms.budget ? { ...alarms.budget, costTags: costTags(config) } : undefined,
    tags,
  };
}

/** By both, since other products have a stack of the same name, and this one has others. */
function costTags({ name, stack }: EnvironmentConfig): Tags {
  return environmentTags({ name, stack, tags: {} });
}

function watchedService(
  name: string,
  made: Service,
  { config, names, messages }: ObservedParts,
): WatchedServiceArgs {
  const service = config.services[name] as HostedServiceConfig;
  const { cpuPercent, memoryPercent, messagesPerTask, max } = service.scaling;
  const scales = service.scaling.min < max;
  return {
    serviceName: names.service(name),
    logGroupName: made.logGroupName,
    requests: made.requests,
    alarmNames: made.alarmNames,
    queues: queuesOf(name, config, messages),
    heldAt: scales && messagesPerTask === undefined ? { cpuPercent, memoryPercent } : undefined,
    mostMessages: messagesPerTask === undefined ? undefined : messagesPerTask * max,
    alarms: service.alarms === false ? false : undefined,
  };
}

/** Each run that failed is told with its reason, where somebody is told of it at all. */
function watchedJob(
  name: string,
  { stateMachineArn, logGroupName }: Job,
  { config, messages }: ObservedParts,
): WatchedJobArgs {
  return {
    ...{ stateMachineArn, logGroupName, failuresTold: isTold(config, "jobFailed") },
    queues: queuesOf(name, config, messages),
  };
}

function queuesOf(
  name: string,
  { services }: EnvironmentConfig,
  { queues }: Messages,
): Readonly<Record<string, WatchedQueueArgs>> {
  return Object.fromEntries(
    Object.entries(queues[name]).map(([key, queue]) => {
      const { queueName, deadLetterQueueName, deadLetterAlarmName } = queue;
      const { visibilityTimeoutSeconds } = services[name].subscribes[key];
      return [
        key,
        { queueName, deadLetterQueueName, deadLetterAlarmName, visibilityTimeoutSeconds },
      ];
    }),
  );
}

function watchedData({ config, data }: ObservedParts) {
  const databases = Object.entries(data.databases).map(
    ([name, { identifier }]): [string, WatchedDatabaseArgs] => {
      const { engine, standby, ...database } = config.databases[name];
      const storageGiB = database.instance === undefined ? undefined : (database.storageGiB ?? 20);
      return [name, { engine, identifier, storageGiB, standby }];
    },
  );
  const caches = Object.entries(data.caches).map(
    ([name, { identifiers }]): [string, WatchedCacheArgs] => {
      const { serverless } = config.caches[name];
      return [name, { identifiers, maxGB: serverless && (serverless.maxGB ?? 5000) }];
    },
  );
  return { databases: Object.fromEntries(databases), caches: Object.fromEntries(caches) };
}

function watchedPipeline({
  config,
  names,
  pipeline,
}: ObservedParts): ObservabilityArgs["pipeline"] {
  const { alarms } = config;
  if (!pipeline || !config.pipeline) return undefined;
  const { approval, approvalTimeoutHours, source } = config.pipeline;
  const hours = (alarms && alarms.approvalHours) || 24;
  return {
    pipelineName: names.pipeline,
    pipelineUrl: pipeline.pipelineUrl,
    failuresTold: isTold(config, "failed"),
    drift: driftSchedule(config) && {
      namespace: driftMetrics.namespace,
      metricName: driftMetrics.resources,
      dimensions: { [driftMetrics.dimension]: names.prefix },
    },
    driftTold: isTold(config, "drift"),
    // An approval that has failed by then is told as a failure.
    asks: Boolean(approval) && !source && hours < approvalTimeoutHours,
  };
}

function isTold({ notify }: EnvironmentConfig, kind: NotificationKind): boolean {
  return notify?.kinds.includes(kind) ?? false;
}
