import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseEngine } from "../database/engine";
import type { CountedRequests } from "../service/requestMetric";
import type { Tags } from "../shared/tags";

/** A queue of a service. */
export interface WatchedQueueArgs {
  /** Physical names of the queue and of its dead-letter queue. */
  readonly queueName: pulumi.Input<string>;
  readonly deadLetterQueueName: pulumi.Input<string>;
  /** Of the alarm for messages in the dead-letter queue, which tells with the service. Without it, nothing tells of them. */
  readonly deadLetterAlarmName?: pulumi.Input<string>;
  /** Seconds for which a message may be worked on, 0 to 43200: it is that much older than it waited. Without it, 30. */
  readonly visibilityTimeoutSeconds?: number;
}

/** What a service and a job have alike. */
interface WatchedTasksArgs {
  /** Where its containers log. */
  readonly logGroupName: pulumi.Input<string>;
  /** By what they are called in the environment. Without it, none. */
  readonly queues?: Readonly<Record<string, WatchedQueueArgs>>;
  /** Whether alarms are made of it, and tell. Without it, as for the environment. */
  readonly alarms?: false;
}

/** A service of ECS. */
export interface WatchedServiceArgs extends WatchedTasksArgs {
  /** Physical name. */
  readonly serviceName: pulumi.Input<string>;
  /** Where the requests of a web service are counted. Without it, nothing is shown of them. */
  readonly requests?: CountedRequests;
  /** Of what its users notice, such as those of a `Service` or of `ServiceAlarms`: they tell together. Without it, none. */
  readonly alarmNames?: readonly pulumi.Input<string>[];
  /** Percent of CPU and of memory to which autoscaling holds it; alarms keep 10 more. Without it, it is not scaled by them. */
  readonly heldAt?: { readonly cpuPercent: number; readonly memoryPercent: number };
  /** Messages in all of its queues that as many tasks as it may have get done. Without it, only their age is watched. */
  readonly mostMessages?: number;
}

/** A job, as a `Job` is one. */
export interface WatchedJobArgs extends WatchedTasksArgs {
  readonly stateMachineArn: pulumi.Input<string>;
  /** Whether somebody tells of each run that failed, with its reason. Without it, an alarm tells. */
  readonly failuresTold?: boolean;
}

/** A database, as a `Database` is one. */
export interface WatchedDatabaseArgs {
  readonly engine: DatabaseEngine;
  /** AWS's name of the cluster, or of the instance. */
  readonly identifier: pulumi.Input<string>;
  /** Of an instance: the GiB that it began with. Without it, it is a cluster of Aurora Serverless v2. */
  readonly storageGiB?: number;
  /** Whether a cluster has a second instance, which follows the first. Without it, no. */
  readonly standby?: boolean;
}

/** A cache, as a `Cache` is one. */
export interface WatchedCacheArgs {
  /** AWS's names of its nodes, or of the serverless cache. */
  readonly identifiers: readonly pulumi.Input<string>[];
  /** Of a serverless cache: GB that it may have. Without it, it has nodes. */
  readonly maxGB?: number;
}

/** A load balancer of the environment's own: what an existing one counts is others' as well. */
export interface WatchedLoadBalancerArgs {
  /** The end of its ARN, as `app/shop/0123456789abcdef`. */
  readonly arnSuffix: pulumi.Input<string>;
}

/** A metric that somebody else publishes. */
export interface PublishedMetricArgs {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
}

export interface WatchedPipelineArgs {
  readonly pipelineName: pulumi.Input<string>;
  readonly pipelineUrl: pulumi.Input<string>;
  /** Whether somebody tells of each execution that failed, with its reason. Without it, an alarm tells. */
  readonly failuresTold?: boolean;
  /** Whether somebody is asked in it. Without it, nobody is waited for. */
  readonly asks?: boolean;
  /** Resources that are otherwise than they were applied: above 0 where there are any. Without it, drift is not watched. */
  readonly drift?: PublishedMetricArgs;
  /** Whether somebody tells of drift, with what it is. Without it, an alarm tells. */
  readonly driftTold?: boolean;
}

/** From when on alarms fire. */
export interface ObservedBounds {
  /** Percent of the CPU that a service has, for 15 minutes; 1 to 100. Without it, 80. */
  readonly cpuPercent?: number;
  /** Percent of the memory that a service has, for 15 minutes; 1 to 100. Without it, 90. */
  readonly memoryPercent?: number;
  /** Minutes that the oldest message of a queue waits, 1 to 1440. Without it, 15. */
  readonly queueMinutes?: number;
  /** Hours that an approval waits, 1 to 167. Without it, 24. */
  readonly approvalHours?: number;
}

/** What is told where the bill grows. */
export interface BudgetArgs {
  /** USD that a month may cost. */
  readonly monthlyUsd: number;
  /** Who is told, 1 to 10: at 80 percent, at all of it, and where the forecast is more. */
  readonly emails: readonly string[];
  /** By which the environment's costs are found: every one of them, activated as cost allocation tags. */
  readonly costTags: Readonly<Record<string, string>>;
}

export interface ObservabilityArgs {
  /** With what all names begin, as `shop--production`. */
  readonly environmentName: string;
  readonly cluster: {
    readonly clusterArn: pulumi.Input<string>;
    readonly clusterName: pulumi.Input<string>;
    /** Whether tasks are counted (Container Insights). Without it, they are not shown. */
    readonly countsTasks?: boolean;
    /** Where sessions in tasks are logged. Without it, no query asks for them. */
    readonly execLogGroupName?: pulumi.Input<string>;
  };
  /** Days for which it is logged that approvals waited too long. Without it, 90. */
  readonly logRetentionDays?: number;
  readonly services?: Readonly<Record<string, WatchedServiceArgs>>;
  readonly jobs?: Readonly<Record<string, WatchedJobArgs>>;
  readonly databases?: Readonly<Record<string, WatchedDatabaseArgs>>;
  readonly caches?: Readonly<Record<string, WatchedCacheArgs>>;
  readonly loadBalancers?: Readonly<Record<string, WatchedLoadBalancerArgs>>;
  /** Without it, no pipeline is watched. */
  readonly pipeline?: WatchedPipelineArgs;
  /** Bounds of the alarms; `false` for none. Without it, each has its own. */
  readonly alarms?: ObservedBounds | false;
  /** ARNs of what is told when something begins and ends, such as an SNS topic. Without it, nobody is. */
  readonly notifies?: readonly pulumi.Input<string>[];
  /** Without it, there is none. */
  readonly budget?: BudgetArgs;
  /** Whether there is a dashboard. Without it, yes. */
  readonly dashboard?: boolean;
  readonly tags?: Tags;
}
