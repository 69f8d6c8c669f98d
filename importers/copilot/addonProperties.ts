import { below, type SourceNode } from "../source";

/**
 * By type, the properties that Gantry knows, has by itself or has otherwise, as `property` or, where it is so for one value alone,
 * `property=value`. What is not among them somebody has added for a reason.
 */
const known: Readonly<Record<string, readonly string[]>> = {
  "AWS::S3::Bucket": [
    ...["AccessControl=Private", "VersioningConfiguration.Status=Enabled"],
    "BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault.SSEAlgorithm=AES256",
    ...["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"].map(
      (key) => `PublicAccessBlockConfiguration.${key}=true`,
    ),
    "OwnershipControls.Rules.ObjectOwnership=BucketOwnerEnforced",
    ...["Id", "Status", "AbortIncompleteMultipartUpload"].map(
      (key) => `LifecycleConfiguration.Rules.${key}`,
    ),
  ],
  "AWS::S3::BucketPolicy": ["Bucket", "PolicyDocument.Version"],
  "AWS::IAM::ManagedPolicy": [
    ...["Description", "ManagedPolicyName", "PolicyDocument.Version"],
    ...["Sid", "Effect", "Resource"].map((key) => `PolicyDocument.Statement.${key}`),
  ],
  "AWS::RDS::DBCluster": [
    ...["DatabaseName", "Engine", "EngineVersion", "BackupRetentionPeriod", "DeletionProtection"],
    ...["ServerlessV2ScalingConfiguration.MinCapacity", "EngineMode=provisioned"],
    ...["ServerlessV2ScalingConfiguration.MaxCapacity", "StorageEncrypted=true"],
    ...["MasterUsername", "MasterUserPassword", "ManageMasterUserPassword", "DBClusterIdentifier"],
    ...["DBSubnetGroupName", "DBClusterParameterGroupName", "VpcSecurityGroupIds"],
    ...["CopyTagsToSnapshot", "EnableHttpEndpoint=false", "Tags"],
  ],
  "AWS::RDS::DBInstance": [
    ...["DBClusterIdentifier", "DBInstanceIdentifier", "DBInstanceClass", "Engine"],
    ...["EngineVersion", "PromotionTier", "AvailabilityZone", "PubliclyAccessible=false", "Tags"],
  ],
  "AWS::RDS::DBSubnetGroup": ["DBSubnetGroupDescription", "SubnetIds", "Tags"],
  "AWS::RDS::DBClusterParameterGroup": [
    ...["Description", "Family", "Tags"],
    // Of the engine's parameters, these two are its defaults.
    ...["Parameters.client_encoding", "Parameters.character_set_client"],
  ],
  "AWS::SecretsManager::Secret": ["Description", "Name", "GenerateSecretString", "Tags"],
  "AWS::SecretsManager::SecretTargetAttachment": ["SecretId", "TargetId", "TargetType"],
  "AWS::ElastiCache::ReplicationGroup": [
    ...["ReplicationGroupDescription", "ReplicationGroupId", "Engine", "EngineVersion"],
    ...["CacheNodeType", "NumCacheClusters", "AutomaticFailoverEnabled", "MultiAZEnabled"],
    ...["TransitEncryptionEnabled", "AtRestEncryptionEnabled=true", "AuthToken", "Port=6379"],
    ...["CacheSubnetGroupName", "SecurityGroupIds", "NumNodeGroups=1", "Tags"],
  ],
  "AWS::ElastiCache::CacheCluster": [
    ...["CacheNodeType", "ClusterName", "Engine", "EngineVersion", "NumCacheNodes=1"],
    ...["CacheSubnetGroupName", "VpcSecurityGroupIds", "Port=6379", "Tags"],
  ],
  "AWS::ElastiCache::ServerlessCache": [
    ...["Engine", "MajorEngineVersion", "ServerlessCacheName", "Description"],
    ...["SubnetIds", "SecurityGroupIds", "Tags"],
  ],
  "AWS::ElastiCache::SubnetGroup": ["CacheSubnetGroupName", "Description", "SubnetIds", "Tags"],
  "AWS::EFS::FileSystem": [
    ...["Encrypted=true", "BackupPolicy.Status=ENABLED", "PerformanceMode=generalPurpose"],
    "FileSystemTags",
  ],
  "AWS::EFS::AccessPoint": [
    ...["FileSystemId", "PosixUser.Uid", "PosixUser.Gid", "RootDirectory", "AccessPointTags"],
  ],
  "AWS::EFS::MountTarget": ["FileSystemId", "SubnetId", "SecurityGroups"],
  "AWS::EC2::SecurityGroup": [
    ...["GroupDescription", "GroupName", "VpcId", "Tags"],
    ...["IpProtocol", "FromPort", "ToPort", "SourceSecurityGroupId", "Description"].map(
      (key) => `SecurityGroupIngress.${key}`,
    ),
  ],
  "AWS::EC2::SecurityGroupIngress": [
    ...["GroupId", "IpProtocol", "FromPort", "ToPort", "SourceSecurityGroupId", "Description"],
  ],
};

/** Whether a value of a template is a property of a resource, or the condition of one, that Gantry neither knows nor has. */
export function isUnsaid({ path, value }: SourceNode, root: SourceNode): boolean {
  const [, resource, rest] = /^Resources\.([^.]+)\.(.+)$/s.exec(path) ?? [];
  if (resource === undefined) return false;
  if (!rest.startsWith("Properties.")) return rest === "Condition";
  const type = String(below(root, "Resources", resource, "Type")?.value);
  const property = rest.slice("Properties.".length).replace(/\[\d+\]/g, "");
  return !(known[type] ?? []).some((each) => {
    const [name, only] = each.split("=");
    if (only !== undefined) return property === name && String(value) === only;
    return property === name || property.startsWith(`${name}.`);
  });
}
