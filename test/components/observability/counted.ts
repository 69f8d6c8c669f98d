/**
 * The dimensions under which AWS counts each metric, by its own pages: "Amazon ECS CloudWatch metrics", "Amazon ECS Container Insights metrics", "Available CloudWatch
 * metrics for Amazon SQS", "Monitoring Step Functions metrics using CloudWatch", "Amazon CloudWatch dimensions for Amazon RDS",
 * "Amazon CloudWatch metrics for Amazon Aurora", "Metrics for Valkey and Redis OSS", "Metrics and events for Valkey and Redis OSS
 * serverless caches", "CloudWatch metrics for your Application Load Balancer", "CodePipeline CloudWatch metrics".
 */
export const counted = new Set([
  "AWS/ECS CPUUtilization (ClusterName, ServiceName)",
  "AWS/ECS MemoryUtilization (ClusterName, ServiceName)",
  "AWS/SQS ApproximateAgeOfOldestMessage (QueueName)",
  "AWS/SQS ApproximateNumberOfMessagesVisible (QueueName)",
  "AWS/States ExecutionsFailed (StateMachineArn)",
  "AWS/RDS CPUUtilization (DBInstanceIdentifier)",
  "AWS/RDS FreeStorageSpace (DBInstanceIdentifier)",
  "AWS/RDS ACUUtilization (DBClusterIdentifier)",
  "AWS/RDS AuroraReplicaLagMaximum (DBClusterIdentifier)",
  "AWS/RDS MaximumUsedTransactionIDs (DBClusterIdentifier)",
  "AWS/ElastiCache ThrottledCmds (clusterId)",
  "AWS/ElastiCache BytesUsedForCache (clusterId)",
  "AWS/ElastiCache EngineCPUUtilization (CacheClusterId)",
  "AWS/ElastiCache DatabaseMemoryUsagePercentage (CacheClusterId)",
  "AWS/ApplicationELB RequestCount (LoadBalancer)",
  "AWS/ApplicationELB HTTPCode_ELB_5XX_Count (LoadBalancer)",
  "AWS/ApplicationELB RejectedConnectionCount (LoadBalancer)",
  "AWS/ApplicationELB RequestCount (LoadBalancer, TargetGroup)",
  "AWS/ApplicationELB HTTPCode_Target_4XX_Count (LoadBalancer, TargetGroup)",
  "AWS/ApplicationELB HTTPCode_Target_5XX_Count (LoadBalancer, TargetGroup)",
  "AWS/ApplicationELB TargetResponseTime (LoadBalancer, TargetGroup)",
  "AWS/CodePipeline FailedPipelineExecutions (PipelineName)",
  "AWS/CodePipeline PipelineDuration (PipelineName)",
  "AWS/States ExecutionsSucceeded (StateMachineArn)",
  "AWS/States ExecutionTime (StateMachineArn)",
  "ECS/ContainerInsights RunningTaskCount (ClusterName, ServiceName)",
  "ECS/ContainerInsights DesiredTaskCount (ClusterName, ServiceName)",
  "ECS/ContainerInsights DeploymentCount (ClusterName, ServiceName)",
  "AWS/RDS CPUUtilization (DBClusterIdentifier)",
  ...["DBClusterIdentifier", "DBInstanceIdentifier"].flatMap((dimension) => [
    `AWS/RDS DatabaseConnections (${dimension})`,
    `AWS/RDS ReadLatency (${dimension})`,
    `AWS/RDS WriteLatency (${dimension})`,
  ]),
  ...["CacheClusterId", "clusterId"].flatMap((dimension) => [
    `AWS/ElastiCache CurrConnections (${dimension})`,
    `AWS/ElastiCache Evictions (${dimension})`,
  ]),
  "Gantry Drift (Environment)",
]);
