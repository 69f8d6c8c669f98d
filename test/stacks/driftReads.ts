import { accountId, createdState, region } from "../support/aws";
import type { RecordedResource } from "../support/record";

const here = `${region}:${accountId}`;

/**
 * What the provider asks to read a resource back, by type: actions, and the resource that AWS asks about (`*` where it has none). `{name}` is
 * its physical name, `{id}` its id, others are its inputs.
 */
export const readsOf: Readonly<Record<string, readonly string[]>> = {
  "acm:Certificate": [
    `acm:DescribeCertificate acm:ListTagsForCertificate arn:aws:acm:${here}:certificate/{id}`,
  ],
  "acm:CertificateValidation": [`acm:DescribeCertificate arn:aws:acm:${here}:certificate/{id}`],
  "appautoscaling:Policy": ["application-autoscaling:DescribeScalingPolicies *"],
  "appautoscaling:ScheduledAction": ["application-autoscaling:DescribeScheduledActions *"],
  "appautoscaling:Target": [
    "application-autoscaling:DescribeScalableTargets *",
    `application-autoscaling:ListTagsForResource arn:aws:application-autoscaling:${here}:scalable-target/{id}`,
  ],
  "athena:NamedQuery": [`athena:GetNamedQuery arn:aws:athena:${here}:workgroup/{prefix}--logs`],
  "athena:Workgroup": [
    `athena:GetWorkGroup athena:ListTagsForResource arn:aws:athena:${here}:workgroup/{name}`,
  ],
  "autoscaling:Group": ["autoscaling:DescribeAutoScalingGroups *"],
  "budgets:Budget": [
    `budgets:ListTagsForResource budgets:ViewBudget arn:aws:budgets::${accountId}:budget/{name}`,
  ],
  "chatbot:SlackChannelConfiguration": [
    "chatbot:DescribeSlackChannelConfigurations chatbot:ListTagsForResource *",
  ],
  "chatbot:TeamsChannelConfiguration": [
    "chatbot:ListMicrosoftTeamsChannelConfigurations chatbot:ListTagsForResource *",
  ],
  "cloudtrail:Trail": [
    "cloudtrail:DescribeTrails *",
    "cloudtrail:GetEventSelectors cloudtrail:GetInsightSelectors cloudtrail:GetTrailStatus cloudtrail:ListTags " +
      `arn:aws:cloudtrail:${here}:trail/{name}`,
  ],
  "cloudwatch:CompositeAlarm": [
    "cloudwatch:DescribeAlarms *",
    `cloudwatch:ListTagsForResource arn:aws:cloudwatch:${here}:alarm:{alarmName}`,
  ],
  "cloudwatch:Dashboard": [
    `cloudwatch:GetDashboard arn:aws:cloudwatch::${accountId}:dashboard/{dashboardName}`,
  ],
  "cloudwatch:EventRule": [
    `events:DescribeRule events:ListTagsForResource arn:aws:events:${here}:rule/{name}`,
  ],
  "cloudwatch:EventTarget": [`events:ListTargetsByRule arn:aws:events:${here}:rule/{rule}`],
  "cloudwatch:LogGroup": [
    "logs:DescribeLogGroups *",
    `logs:ListTagsForResource arn:aws:logs:{region}:${accountId}:log-group:{name}`,
  ],
  "cloudwatch:LogStream": [`logs:DescribeLogStreams arn:aws:logs:${here}:log-group:{logGroupName}`],
  "cloudwatch:LogSubscriptionFilter": [
    `logs:DescribeSubscriptionFilters arn:aws:logs:${here}:log-group:{logGroup}`,
  ],
  "cloudwatch:MetricAlarm": [
    "cloudwatch:DescribeAlarms *",
    `cloudwatch:ListTagsForResource arn:aws:cloudwatch:${here}:alarm:{name}`,
  ],
  "cloudwatch:QueryDefinition": ["logs:DescribeQueryDefinitions *"],
  "codebuild:Project": [`codebuild:BatchGetProjects arn:aws:codebuild:${here}:project/{name}`],
  "codebuild:Webhook": [
    `codebuild:BatchGetProjects arn:aws:codebuild:${here}:project/{projectName}`,
  ],
  "codepipeline:Pipeline": [
    `codepipeline:GetPipeline codepipeline:ListTagsForResource arn:aws:codepipeline:${here}:{name}`,
  ],
  "dynamodb:Table": [
    "dynamodb:DescribeContinuousBackups dynamodb:DescribeTable dynamodb:DescribeTimeToLive dynamodb:ListTagsOfResource " +
      `arn:aws:dynamodb:${here}:table/{name}`,
  ],
  "ec2:DefaultSecurityGroup": ["ec2:DescribeSecurityGroups *"],
  "ec2:FlowLog": ["ec2:DescribeFlowLogs *"],
  "ec2:LaunchTemplate": ["ec2:DescribeLaunchTemplateVersions ec2:DescribeLaunchTemplates *"],
  "ec2:Route": ["ec2:DescribeRouteTables *"],
  "ec2:SecurityGroup": ["ec2:DescribeSecurityGroups *"],
  "ec2:VpcEndpoint": ["ec2:DescribePrefixLists ec2:DescribeVpcEndpoints *"],
  "ecr:LifecyclePolicy": [`ecr:GetLifecyclePolicy arn:aws:ecr:${here}:repository/{repository}`],
  "ecr:Repository": [
    `ecr:DescribeRepositories ecr:ListTagsForResource arn:aws:ecr:${here}:repository/{name}`,
  ],
  "ecr:RepositoryPolicy": [`ecr:GetRepositoryPolicy arn:aws:ecr:${here}:repository/{repository}`],
  "ecs:CapacityProvider": [
    `ecs:DescribeCapacityProviders arn:aws:ecs:${here}:capacity-provider/{name}`,
  ],
  "ecs:Cluster": [`ecs:DescribeClusters arn:aws:ecs:${here}:cluster/{name}`],
  "ecs:ClusterCapacityProviders": [
    `ecs:DescribeClusters arn:aws:ecs:${here}:cluster/{clusterName}`,
  ],
  "ecs:Service": [`ecs:DescribeServices arn:aws:ecs:${here}:service/{prefix}/{name}`],
  "ecs:TaskDefinition": ["ecs:DescribeTaskDefinition *"],
  "efs:AccessPoint": [
    `elasticfilesystem:DescribeAccessPoints arn:aws:elasticfilesystem:${here}:access-point/{id}`,
  ],
  "efs:BackupPolicy": [
    `elasticfilesystem:DescribeBackupPolicy arn:aws:elasticfilesystem:${here}:file-system/{fileSystemId}`,
  ],
  "efs:FileSystem": [
    "elasticfilesystem:DescribeFileSystems elasticfilesystem:DescribeLifecycleConfiguration " +
      `arn:aws:elasticfilesystem:${here}:file-system/{id}`,
  ],
  "efs:FileSystemPolicy": [
    `elasticfilesystem:DescribeFileSystemPolicy arn:aws:elasticfilesystem:${here}:file-system/{fileSystemId}`,
  ],
  "efs:MountTarget": [
    "elasticfilesystem:DescribeMountTargetSecurityGroups elasticfilesystem:DescribeMountTargets " +
      `arn:aws:elasticfilesystem:${here}:file-system/{fileSystemId}`,
  ],
  "elasticache:ReplicationGroup": [
    "elasticache:DescribeReplicationGroups elasticache:ListTagsForResource " +
      `arn:aws:elasticache:${here}:replicationgroup:{replicationGroupId}`,
    `elasticache:DescribeCacheClusters arn:aws:elasticache:${here}:cluster:{replicationGroupId}-001`,
  ],
  "elasticache:ServerlessCache": [
    "elasticache:DescribeServerlessCaches elasticache:ListTagsForResource " +
      `arn:aws:elasticache:${here}:serverlesscache:{name}`,
  ],
  "elasticache:SubnetGroup": [
    "elasticache:DescribeCacheSubnetGroups elasticache:ListTagsForResource " +
      `arn:aws:elasticache:${here}:subnetgroup:{name}`,
  ],
  "elasticache:User": [
    `elasticache:DescribeUsers elasticache:ListTagsForResource arn:aws:elasticache:${here}:user:{userId}`,
  ],
  "elasticache:UserGroup": [
    `elasticache:DescribeUserGroups elasticache:ListTagsForResource arn:aws:elasticache:${here}:usergroup:{userGroupId}`,
  ],
  "glue:CatalogDatabase": [
    `glue:GetDatabase arn:aws:glue:${here}:catalog`,
    `glue:GetDatabase glue:GetTags arn:aws:glue:${here}:database/{name}`,
  ],
  "glue:CatalogTable": [
    `glue:GetPartitionIndexes glue:GetTable arn:aws:glue:${here}:catalog`,
    `glue:GetPartitionIndexes glue:GetTable arn:aws:glue:${here}:database/{databaseName}`,
    `glue:GetPartitionIndexes glue:GetTable arn:aws:glue:${here}:table/{databaseName}/{name}`,
  ],
  "iam:InstanceProfile": [
    `iam:GetInstanceProfile arn:aws:iam::${accountId}:instance-profile/{name}`,
  ],
  "iam:OpenIdConnectProvider": [
    `iam:GetOpenIDConnectProvider arn:aws:iam::${accountId}:oidc-provider/{id}`,
  ],
  "iam:Policy": [
    `iam:GetPolicy iam:GetPolicyVersion iam:ListPolicyVersions arn:aws:iam::${accountId}:policy/{name}`,
  ],
  "iam:Role": [
    `iam:GetRole iam:ListAttachedRolePolicies iam:ListRolePolicies arn:aws:iam::${accountId}:role/{name}`,
  ],
  "iam:RolePolicy": [`iam:GetRolePolicy arn:aws:iam::${accountId}:role/{role}`],
  "iam:RolePolicyAttachment": [
    `iam:ListAttachedRolePolicies arn:aws:iam::${accountId}:role/{role}`,
  ],
  "kinesis:FirehoseDeliveryStream": [
    "firehose:DescribeDeliveryStream firehose:ListTagsForDeliveryStream " +
      `arn:aws:firehose:${here}:deliverystream/{name}`,
  ],
  "kms:Alias": ["kms:ListAliases *"],
  "kms:Key": [
    "kms:DescribeKey kms:GetKeyPolicy kms:GetKeyRotationStatus kms:ListResourceTags " +
      `arn:aws:kms:${here}:key/{id}`,
  ],
  "kms:KeyPolicy": [`kms:DescribeKey kms:GetKeyPolicy arn:aws:kms:${here}:key/{keyId}`],
  "lb:Listener": [
    "elasticloadbalancing:DescribeListenerAttributes elasticloadbalancing:DescribeListeners elasticloadbalancing:DescribeTags *",
  ],
  "lb:ListenerCertificate": ["elasticloadbalancing:DescribeListenerCertificates *"],
  "lb:ListenerRule": ["elasticloadbalancing:DescribeRules elasticloadbalancing:DescribeTags *"],
  "lb:LoadBalancer": [
    "elasticloadbalancing:DescribeCapacityReservation elasticloadbalancing:DescribeLoadBalancerAttributes " +
      "elasticloadbalancing:DescribeLoadBalancers elasticloadbalancing:DescribeTags *",
  ],
  "lb:TargetGroup": [
    "elasticloadbalancing:DescribeTags elasticloadbalancing:DescribeTargetGroupAttributes " +
      "elasticloadbalancing:DescribeTargetGroups *",
  ],
  "rds:Cluster": [
    `rds:DescribeDBClusters rds:ListTagsForResource arn:aws:rds:${here}:cluster:{clusterIdentifierPrefix}20261129104500`,
    `rds:DescribeGlobalClusters arn:aws:rds::${accountId}:global-cluster:*`,
  ],
  "rds:ClusterInstance": [
    `rds:DescribeDBInstances rds:ListTagsForResource arn:aws:rds:${here}:db:{identifierPrefix}20261129104500`,
  ],
  "rds:ClusterParameterGroup": [
    "rds:DescribeDBClusterParameterGroups rds:DescribeDBClusterParameters rds:ListTagsForResource " +
      `arn:aws:rds:${here}:cluster-pg:{name}`,
  ],
  // By the id that RDS gives it, among all.
  "rds:Instance": [
    `rds:DescribeDBInstances arn:aws:rds:${here}:db:*`,
    `rds:ListTagsForResource arn:aws:rds:${here}:db:{identifierPrefix}20261129104500`,
  ],
  "rds:ParameterGroup": [
    "rds:DescribeDBParameterGroups rds:DescribeDBParameters rds:ListTagsForResource " +
      `arn:aws:rds:${here}:pg:{name}`,
  ],
  "rds:SubnetGroup": [
    `rds:DescribeDBSubnetGroups rds:ListTagsForResource arn:aws:rds:${here}:subgrp:{name}`,
  ],
  "route53:Record": [
    "route53:GetHostedZone route53:ListResourceRecordSets arn:aws:route53:::hostedzone/{zoneId}",
  ],
  "s3:Bucket": [
    "s3:GetAccelerateConfiguration s3:GetBucketAcl s3:GetBucketCORS s3:GetBucketLogging s3:GetBucketObjectLockConfiguration " +
      "s3:GetBucketPolicy s3:GetBucketRequestPayment s3:GetBucketTagging s3:GetBucketVersioning s3:GetBucketWebsite " +
      "s3:GetEncryptionConfiguration s3:GetLifecycleConfiguration s3:GetReplicationConfiguration s3:ListBucket " +
      "arn:aws:s3:::{bucket}",
  ],
  "s3:BucketCorsConfiguration": ["s3:GetBucketCORS arn:aws:s3:::{bucket}"],
  "s3:BucketLifecycleConfiguration": ["s3:GetLifecycleConfiguration arn:aws:s3:::{bucket}"],
  "s3:BucketLogging": ["s3:GetBucketLogging arn:aws:s3:::{bucket}"],
  "s3:BucketNotification": ["s3:GetBucketNotification arn:aws:s3:::{bucket}"],
  "s3:BucketObjectv2": ["s3:GetObject s3:GetObjectTagging arn:aws:s3:::{bucket}/{key}"],
  "s3:BucketPolicy": ["s3:GetBucketPolicy arn:aws:s3:::{bucket}"],
  "s3:BucketPublicAccessBlock": ["s3:GetBucketPublicAccessBlock arn:aws:s3:::{bucket}"],
  "s3:BucketServerSideEncryptionConfiguration": [
    "s3:GetEncryptionConfiguration arn:aws:s3:::{bucket}",
  ],
  "s3:BucketVersioning": ["s3:GetBucketVersioning arn:aws:s3:::{bucket}"],
  "scheduler:Schedule": [`scheduler:GetSchedule arn:aws:scheduler:${here}:schedule/default/{name}`],
  "secretsmanager:Secret": [
    "secretsmanager:DescribeSecret secretsmanager:GetResourcePolicy " +
      `arn:aws:secretsmanager:${here}:secret:{name}-AbCdEf`,
  ],
  "secretsmanager:SecretRotation": ["secretsmanager:DescribeSecret {secretId}"],
  // Its value is what nobody may read here: the check leaves it out.
  "secretsmanager:SecretVersion": [],
  "servicediscovery:HttpNamespace": [
    `servicediscovery:GetNamespace arn:aws:servicediscovery:${here}:namespace/{id}`,
    "servicediscovery:ListTagsForResource *",
  ],
  "servicediscovery:PrivateDnsNamespace": [
    `servicediscovery:GetNamespace arn:aws:servicediscovery:${here}:namespace/{id}`,
    "servicediscovery:ListTagsForResource *",
  ],
  "servicediscovery:Service": [
    `servicediscovery:GetService arn:aws:servicediscovery:${here}:service/{id}`,
    "servicediscovery:ListTagsForResource *",
  ],
  "sfn:StateMachine": [
    "states:DescribeStateMachine states:ListStateMachineVersions states:ListTagsForResource " +
      `arn:aws:states:${here}:stateMachine:{name}`,
  ],
  "sns:Topic": [`sns:GetTopicAttributes sns:ListTagsForResource arn:aws:sns:${here}:{name}`],
  "sns:TopicPolicy": ["sns:GetTopicAttributes {arn}"],
  "sns:TopicSubscription": ["sns:GetSubscriptionAttributes {topic}"],
  "sqs:Queue": [`sqs:GetQueueAttributes sqs:ListQueueTags arn:aws:sqs:${here}:{name}`],
  "sqs:QueuePolicy": [`sqs:GetQueueAttributes arn:aws:sqs:${here}:{queueName}`],
  "vpc:SecurityGroupEgressRule": ["ec2:DescribeSecurityGroupRules *"],
  "vpc:SecurityGroupIngressRule": ["ec2:DescribeSecurityGroupRules *"],
  "wafv2:WebAcl": [
    `wafv2:GetWebACL wafv2:ListTagsForResource arn:aws:wafv2:${here}:regional/webacl/{name}/{id}`,
  ],
  "wafv2:WebAclAssociation": [
    `wafv2:GetWebACLForResource arn:aws:elasticloadbalancing:${here}:loadbalancer/app/acme/50dc6c495c0c9188`,
    // Perhaps another's.
    `wafv2:GetWebACLForResource arn:aws:wafv2:${here}:regional/webacl/acme/0a1b2c3d`,
  ],
  "wafv2:WebAclLoggingConfiguration": [
    `wafv2:GetLoggingConfiguration arn:aws:wafv2:${here}:regional/webacl/{prefix}-web-acl/0a1b2c3d`,
  ],
  // Of what the component makes in turn.
  "awsx:ec2:Vpc": [
    "ec2:DescribeAddresses ec2:DescribeAddressesAttribute ec2:DescribeInternetGateways ec2:DescribeNatGateways " +
      "ec2:DescribeNetworkAcls ec2:DescribeRouteTables ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs *",
    `ec2:DescribeVpcAttribute arn:aws:ec2:${here}:vpc/{id}`,
  ],
};

/** `ecs:Service` of `aws:ecs/service:Service`; types of others stay. */
export function shortType(type: string): string {
  return type.replace(/^aws:(\w+)\/\w+:/, "$1:");
}

/** What is asked of AWS about a resource of the environment with this prefix. */
export function requestsOf({ type, name, inputs }: RecordedResource, prefix: string) {
  const { id, state } = createdState(type, name, inputs);
  const queueName = String(inputs.queueUrl).split("/").at(-1);
  const values: Readonly<Record<string, unknown>> = { prefix, region, id, queueName, ...state };
  return readsOf[shortType(type)].flatMap((line) => {
    const words = line
      .replaceAll(/\{(\w+)\}/g, (_, key: string) => {
        const value = values[key];
        if (typeof value !== "string") throw new Error(`${type} ${name} has no ${key}`);
        return value;
      })
      .split(/ (?=\S+:|\*)/);
    const resource = words[words.length - 1];
    return words.slice(0, -1).map((action) => ({ action, resource }));
  });
}
