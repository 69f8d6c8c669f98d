import { when, type Rule } from "../rule";
import { at, isOff, notKnown } from "../values";

/** What takes tags, costs money or holds data, and is made by many programs. */
const taggable = [
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudtrail/trail:Trail",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:codebuild/project:Project",
  "aws:codepipeline/pipeline:Pipeline",
  "aws:dynamodb/table:Table",
  "aws:ebs/volume:Volume",
  "aws:ec2/instance:Instance",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/vpc:Vpc",
  "aws:ecr/repository:Repository",
  "aws:ecs/cluster:Cluster",
  "aws:ecs/service:Service",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:efs/fileSystem:FileSystem",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:elasticache/serverlessCache:ServerlessCache",
  "aws:iam/role:Role",
  "aws:kinesis/stream:Stream",
  "aws:kms/key:Key",
  "aws:lambda/function:Function",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:opensearch/domain:Domain",
  "aws:rds/cluster:Cluster",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
];

/** What holds data that nothing brings back, or a name that people know. */
const stateful = [
  "aws:cognito/userPool:UserPool",
  "aws:docdb/cluster:Cluster",
  "aws:dynamodb/table:Table",
  "aws:efs/fileSystem:FileSystem",
  "aws:kms/key:Key",
  "aws:neptune/cluster:Cluster",
  "aws:opensearch/domain:Domain",
  "aws:rds/cluster:Cluster",
  "aws:rds/instance:Instance",
  "aws:route53/zone:Zone",
  "aws:s3/bucket:Bucket",
];

export const generalRules: readonly Rule[] = [
  {
    name: "tags",
    severity: "low",
    because: "Of what has no tags nobody knows whose it is and what it costs.",
    fix: "set tags, or defaultTags of the provider (setting requiredTags)",
    types: taggable,
    check: ({ properties: { tags } }, { requiredTags }) => {
      if (tags === notKnown) return [];
      const given = Object.keys(tags ?? {});
      if (requiredTags.length === 0) return when(given.length === 0, "it has no tags");
      const missing = requiredTags.filter((key) => !given.includes(key));
      return when(missing.length > 0, `it lacks ${missing.join(", ")}`);
    },
  },
  {
    name: "protect",
    severity: "medium",
    because:
      "What is taken out of a program by mistake is deleted by the next update, with its data.",
    fix: "set the option protect to true",
    inProduction: true,
    types: stateful,
    check: ({ protect }) => when(!protect, "Pulumi may delete it"),
  },
  {
    name: "opensearch-encrypted",
    severity: "high",
    because:
      "An index has the text of everything that can be searched, on disks and between nodes.",
    fix: "set encryptAtRest.enabled, nodeToNodeEncryption.enabled and domainEndpointOptions.enforceHttps to true",
    types: ["aws:opensearch/domain:Domain"],
    check: ({ properties }) =>
      [
        ["encryptAtRest", "enabled"],
        ["nodeToNodeEncryption", "enabled"],
        ["domainEndpointOptions", "enforceHttps"],
      ].flatMap(([key, name]) => {
        const value = properties[key];
        const on = at(value, name);
        return when(isOff(on), `${key}.${name} is not true`);
      }),
  },
];
