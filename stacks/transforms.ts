import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The arguments of what Gantry makes, by what it is called here. */
export interface TransformedArgs {
  readonly alarm: aws.cloudwatch.MetricAlarmArgs;
  readonly bucket: aws.s3.BucketArgs;
  readonly buildProject: aws.codebuild.ProjectArgs;
  readonly cache: aws.elasticache.ReplicationGroupArgs;
  readonly certificate: aws.acm.CertificateArgs;
  readonly cluster: aws.ecs.ClusterArgs;
  readonly databaseCluster: aws.rds.ClusterArgs;
  readonly databaseClusterInstance: aws.rds.ClusterInstanceArgs;
  readonly databaseInstance: aws.rds.InstanceArgs;
  readonly fileSystem: aws.efs.FileSystemArgs;
  readonly listener: aws.lb.ListenerArgs;
  readonly listenerRule: aws.lb.ListenerRuleArgs;
  readonly loadBalancer: aws.lb.LoadBalancerArgs;
  readonly logGroup: aws.cloudwatch.LogGroupArgs;
  readonly pipeline: aws.codepipeline.PipelineArgs;
  readonly queue: aws.sqs.QueueArgs;
  readonly repository: aws.ecr.RepositoryArgs;
  readonly role: aws.iam.RoleArgs;
  readonly scalingPolicy: aws.appautoscaling.PolicyArgs;
  readonly securityGroup: aws.ec2.SecurityGroupArgs;
  readonly serverlessCache: aws.elasticache.ServerlessCacheArgs;
  readonly service: aws.ecs.ServiceArgs;
  readonly stateMachine: aws.sfn.StateMachineArgs;
  readonly targetGroup: aws.lb.TargetGroupArgs;
  readonly taskDefinition: aws.ecs.TaskDefinitionArgs;
  readonly topic: aws.sns.TopicArgs;
}

/**
 * Other arguments for resources that Gantry makes, by kind, where config has no key for something. Each gets what Gantry would
 * make, the logical name, and that of the component that it is part of, as `shop--staging--web` of a service; it answers what is
 * made. It sees neither own resources nor what another package makes (the network of `network.mode: create`).
 */
export type Transforms = {
  readonly [K in keyof TransformedArgs]?: (
    args: TransformedArgs[K],
    name: string,
    component: string,
  ) => TransformedArgs[K];
};

const kinds: Readonly<Record<string, keyof TransformedArgs>> = {
  "aws:acm/certificate:Certificate": "certificate",
  "aws:appautoscaling/policy:Policy": "scalingPolicy",
  "aws:cloudwatch/logGroup:LogGroup": "logGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm": "alarm",
  "aws:codebuild/project:Project": "buildProject",
  "aws:codepipeline/pipeline:Pipeline": "pipeline",
  "aws:ec2/securityGroup:SecurityGroup": "securityGroup",
  "aws:ecr/repository:Repository": "repository",
  "aws:ecs/cluster:Cluster": "cluster",
  "aws:ecs/service:Service": "service",
  "aws:ecs/taskDefinition:TaskDefinition": "taskDefinition",
  "aws:efs/fileSystem:FileSystem": "fileSystem",
  "aws:elasticache/replicationGroup:ReplicationGroup": "cache",
  "aws:elasticache/serverlessCache:ServerlessCache": "serverlessCache",
  "aws:iam/role:Role": "role",
  "aws:lb/listener:Listener": "listener",
  "aws:lb/listenerRule:ListenerRule": "listenerRule",
  "aws:lb/loadBalancer:LoadBalancer": "loadBalancer",
  "aws:lb/targetGroup:TargetGroup": "targetGroup",
  "aws:rds/cluster:Cluster": "databaseCluster",
  "aws:rds/clusterInstance:ClusterInstance": "databaseClusterInstance",
  "aws:rds/instance:Instance": "databaseInstance",
  "aws:s3/bucket:Bucket": "bucket",
  "aws:sfn/stateMachine:StateMachine": "stateMachine",
  "aws:sns/topic:Topic": "topic",
  "aws:sqs/queue:Queue": "queue",
};

export const transformedKinds = Object.values(kinds).sort();

function isKind(given: string): given is keyof TransformedArgs {
  return transformedKinds.some((kind) => kind === given);
}

/** What delivery, the command and rights know a resource by. */
const identifying = ["bucket", "family", "name"];

/**
 * What a transform makes of a resource's arguments.
 * @param component what the resource is part of, or its own name where it is part of nothing.
 * @throws pulumi.RunError where it answers nothing, or changes a name that Gantry gave.
 */
export function transformed(
  { type, name, props }: Pick<pulumi.ResourceTransformationArgs, "type" | "name" | "props">,
  transforms: Transforms,
  component: string,
): pulumi.Inputs {
  const given = props;
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  const transform =
    kind && (transforms[kind] as ((args: unknown, ...of: string[]) => unknown) | undefined);
  if (kind === undefined || transform === undefined) return given;
  const made = transform(given, name, component) as pulumi.Inputs | undefined;
  if (made === undefined || made === null) {
    throw new pulumi.RunError(
      `transform.${kind} of environment() answered nothing for ${name}. Let it return the arguments: (args) => ({ ...args, ... }).`,
    );
  }
  const renamed = identifying.find((key) => given[key] !== undefined && made[key] !== given[key]);
  if (renamed !== undefined) {
    throw new pulumi.RunError(
      `transform.${kind} of environment() changed ${renamed} of ${name}, by which deliveries and rights know it. Return it as it was given.`,
    );
  }
  return made;
}

/**
 * @throws pulumi.RunError where there is a transform of a kind that there is not, before anything is made.
 */
export function refuseUnknownTransforms(transforms: Transforms): void {
  const unknown = Object.keys(transforms).filter((kind) => !isKind(kind));
  if (unknown.length === 0) return;
  throw new pulumi.RunError(
    `transform of environment() has ${unknown.join(", ")}, which is none of its kinds: ${transformedKinds.join(", ")}.`,
  );
}
