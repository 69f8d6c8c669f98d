import type * as pulumi from "@pulumi/pulumi";
import type { CountedRequests } from "../service/requestMetric";
import type { WatchedDatabaseArgs } from "./args";
import type { Dimensions, Metric } from "./metrics";

/*
 * Metrics and their dimensions, each from the AWS page that lists those of its service.
 */

/** "Amazon ECS CloudWatch metrics": of all tasks of a service. */
export function taskMetrics(clusterName: pulumi.Input<string>, serviceName: pulumi.Input<string>) {
  const dimensions = { ClusterName: clusterName, ServiceName: serviceName };
  const used = { namespace: "AWS/ECS", dimensions, statistic: "Average" };
  const counted = { namespace: "ECS/ContainerInsights", dimensions, statistic: "Average" };
  return {
    cpu: { ...used, metricName: "CPUUtilization" },
    memory: { ...used, metricName: "MemoryUtilization" },
    // "Amazon ECS Container Insights metrics".
    running: { ...counted, metricName: "RunningTaskCount" },
    desired: { ...counted, metricName: "DesiredTaskCount" },
    deployments: { ...counted, metricName: "DeploymentCount", statistic: "Maximum" },
  } satisfies Readonly<Record<string, Metric>>;
}

/** "Available CloudWatch metrics for Amazon SQS". */
export function queueMetrics(queueName: pulumi.Input<string>) {
  const common = { namespace: "AWS/SQS", dimensions: { QueueName: queueName } };
  return {
    waiting: { ...common, metricName: "ApproximateNumberOfMessagesVisible", statistic: "Maximum" },
    age: { ...common, metricName: "ApproximateAgeOfOldestMessage", statistic: "Maximum" },
  } satisfies Readonly<Record<string, Metric>>;
}

/** "Monitoring Step Functions metrics using CloudWatch". */
export function runMetrics(stateMachineArn: pulumi.Input<string>) {
  const common = { namespace: "AWS/States", dimensions: { StateMachineArn: stateMachineArn } };
  return {
    started: { ...common, metricName: "ExecutionsStarted", statistic: "Sum" },
    succeeded: { ...common, metricName: "ExecutionsSucceeded", statistic: "Sum" },
    failed: { ...common, metricName: "ExecutionsFailed", statistic: "Sum" },
    time: { ...common, metricName: "ExecutionTime", statistic: "Maximum" },
  } satisfies Readonly<Record<string, Metric>>;
}

/**
 * "Amazon CloudWatch metrics for Amazon RDS" of an instance; "Amazon CloudWatch metrics for Amazon Aurora" and "Important Amazon
 * CloudWatch metrics for Aurora Serverless v2" of a cluster, of whose instances a figure is the largest.
 */
export function databaseMetrics({ identifier, storageGiB, standby = false }: WatchedDatabaseArgs) {
  const isCluster = storageGiB === undefined;
  const namespace = "AWS/RDS";
  const dimensions: Dimensions = isCluster
    ? { DBClusterIdentifier: identifier }
    : { DBInstanceIdentifier: identifier };
  const metric = (metricName: string, statistic: string): Metric => ({
    ...{ namespace, dimensions, metricName, statistic },
  });
  return {
    cpu: metric("CPUUtilization", isCluster ? "Maximum" : "Average"),
    connections: metric("DatabaseConnections", "Maximum"),
    transactionIds: metric("MaximumUsedTransactionIDs", "Maximum"),
    readLatency: metric("ReadLatency", "Average"),
    writeLatency: metric("WriteLatency", "Average"),
    acu: isCluster ? metric("ACUUtilization", "Maximum") : undefined,
    freeStorage: isCluster ? undefined : metric("FreeStorageSpace", "Minimum"),
    replicaLag: isCluster && standby ? metric("AuroraReplicaLagMaximum", "Maximum") : undefined,
  };
}

/** "Metrics for Valkey and Redis OSS" of a node (ElastiCache user guide). */
export function cacheNodeMetrics(node: pulumi.Input<string>) {
  const common = { namespace: "AWS/ElastiCache", dimensions: { CacheClusterId: node } };
  return {
    cpu: { ...common, metricName: "EngineCPUUtilization", statistic: "Average" },
    memory: { ...common, metricName: "DatabaseMemoryUsagePercentage", statistic: "Average" },
    connections: { ...common, metricName: "CurrConnections", statistic: "Maximum" },
    evictions: { ...common, metricName: "Evictions", statistic: "Sum" },
  } satisfies Readonly<Record<string, Metric>>;
}

/**
 * "Metrics and events for Valkey and Redis OSS serverless caches" has the names, and no dimension. It is `clusterId`, as `aws cloudwatch
 * list-metrics` answers (open-constructs/aws-cdk-library pull request 68, cdklabs/cdk-monitoring-constructs issue 750).
 */
export function serverlessCacheMetrics(name: pulumi.Input<string>) {
  const common = { namespace: "AWS/ElastiCache", dimensions: { clusterId: name } };
  return {
    bytes: { ...common, metricName: "BytesUsedForCache", statistic: "Maximum" },
    throttled: { ...common, metricName: "ThrottledCmds", statistic: "Sum" },
    connections: { ...common, metricName: "CurrConnections", statistic: "Maximum" },
    evictions: { ...common, metricName: "Evictions", statistic: "Sum" },
  } satisfies Readonly<Record<string, Metric>>;
}

/** "CloudWatch metrics for your Application Load Balancer": of the load balancer itself. */
export function loadBalancerMetrics(arnSuffix: pulumi.Input<string>) {
  const common = { namespace: "AWS/ApplicationELB", dimensions: { LoadBalancer: arnSuffix } };
  return {
    requests: { ...common, metricName: "RequestCount", statistic: "Sum" },
    ownErrors: { ...common, metricName: "HTTPCode_ELB_5XX_Count", statistic: "Sum" },
    rejected: { ...common, metricName: "RejectedConnectionCount", statistic: "Sum" },
  } satisfies Readonly<Record<string, Metric>>;
}

/** The same page: of each target group, of which one or both serve. */
export function groupMetrics({ loadBalancerSuffix, targetGroupSuffixes }: CountedRequests) {
  return targetGroupSuffixes.map((suffix) => {
    const dimensions = { LoadBalancer: loadBalancerSuffix, TargetGroup: suffix };
    const common = { namespace: "AWS/ApplicationELB", dimensions };
    return {
      requests: { ...common, metricName: "RequestCount", statistic: "Sum" },
      errors: { ...common, metricName: "HTTPCode_Target_5XX_Count", statistic: "Sum" },
      refusals: { ...common, metricName: "HTTPCode_Target_4XX_Count", statistic: "Sum" },
      time: { ...common, metricName: "TargetResponseTime", statistic: "p95" },
    } satisfies Readonly<Record<string, Metric>>;
  });
}

/** "CodePipeline CloudWatch metrics" (CodePipeline user guide): of pipelines of type V2, not in AWS GovCloud and China. */
export function pipelineMetrics(pipelineName: pulumi.Input<string>) {
  const common = { namespace: "AWS/CodePipeline", dimensions: { PipelineName: pipelineName } };
  return {
    failed: { ...common, metricName: "FailedPipelineExecutions", statistic: "Sum" },
    duration: { ...common, metricName: "PipelineDuration", statistic: "Maximum" },
  } satisfies Readonly<Record<string, Metric>>;
}
