/** What AWS would answer: enough of it, and realistic. */
export const accountId = "123456789012";
export const region = "eu-west-1";

type Values = Readonly<Record<string, unknown>>;
export type Answers = Readonly<Record<string, (inputs: Values) => Values>>;

const taught: Answers = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId }),
  "aws:ec2/getVpcs:getVpcs": () => ({ ids: ["vpc-0default000000000"] }),
  "aws:ec2/getSubnets:getSubnets": () => ({ ids: ["subnet-0c", "subnet-0a", "subnet-0b"] }),
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": () => ({
    userName: "AWS",
    password: "registry-password",
  }),
  "aws:route53/getZone:getZone": () => ({ zoneId: "Z0EXAMPLE" }),
  "aws:secretsmanager/getSecret:getSecret": ({ name }) => ({
    arn: `arn:aws:secretsmanager:${region}:${accountId}:secret:${String(name)}-AbCdEf`,
  }),
  "aws:ssm/getParametersByPath:getParametersByPath": () => ({ names: [], values: [] }),
};

/** @throws Error for an invoke that nobody taught: a new one wants an answer here, on purpose. */
export function answerCall(token: string, inputs: Values, more: Answers): Values {
  const answer = more[token] ?? taught[token];
  if (!answer) {
    throw new Error(`nobody taught the mocks to answer ${token} (${JSON.stringify(inputs)})`);
  }
  return answer(inputs);
}

/** The id and state of a resource that AWS has just created. */
export function createdState(
  type: string,
  logicalName: string,
  inputs: Values,
): { id: string; state: Record<string, unknown> } {
  const name = typeof inputs.name === "string" ? inputs.name : `${logicalName}-1a2b3c4`;
  const computed = computedBy[type]?.(name, inputs) ?? {};
  const arn = arnOf(type, name);
  return { id: `${name}-id`, state: { name, arn, ...inputs, ...computed } };
}

function arnOf(type: string, name: string): string {
  const [, module, kind] = /^aws:([^/]+)\/([^:]+):/.exec(type) ?? [];
  const place = module === "iam" ? `iam::${accountId}` : `${module}:${region}:${accountId}`;
  return `arn:aws:${place}:${kind}/${name}`;
}

/** ARNs of ELB, which are called otherwise than Pulumi calls it. */
function balancing(resource: string): string {
  return `arn:aws:elasticloadbalancing:${region}:${accountId}:${resource}`;
}

/** ARNs of EFS, which they call otherwise than Pulumi. */
function elasticFile(resource: string): string {
  return `arn:aws:elasticfilesystem:${region}:${accountId}:${resource}`;
}

/** What RDS makes with `manageMasterUserPassword`. */
function masterSecret(kind: string, name: string) {
  const secretArn = `arn:aws:secretsmanager:${region}:${accountId}:secret:rds!${kind}-${name}-AbCdEf`;
  return { secretArn, secretStatus: "active", kmsKeyId: "alias/aws/secretsmanager" };
}

const suffix = "50dc6c495c0c9188";

const computedBy: Readonly<Record<string, (name: string, inputs: Values) => Values>> = {
  "aws:lb/loadBalancer:LoadBalancer": (name) => ({
    arnSuffix: `app/${name}/${suffix}`,
    dnsName: `${name}-1234567890.${region}.elb.amazonaws.com`,
    zoneId: "Z32O12XQLNTSW2",
  }),
  // Of a gateway endpoint; others have none.
  "aws:ec2/vpcEndpoint:VpcEndpoint": (_, { vpcEndpointType }) =>
    vpcEndpointType === "Gateway" ? { prefixListId: "pl-6da54004" } : {},
  "aws:efs/fileSystem:FileSystem": (name) => ({ arn: elasticFile(`file-system/${name}`) }),
  "aws:efs/accessPoint:AccessPoint": (name, { fileSystemId }) => ({
    arn: elasticFile(`access-point/${name}`),
    fileSystemArn: elasticFile(`file-system/${String(fileSystemId)}`),
  }),
  "aws:lb/targetGroup:TargetGroup": (name) => ({
    arn: balancing(`targetgroup/${name}/${suffix}`),
    arnSuffix: `targetgroup/${name}/${suffix}`,
  }),
  // As of a listener that is not known here.
  "aws:lb/listenerRule:ListenerRule": (name) => ({
    arn: balancing(`listener-rule/app/${name}/${suffix}/${suffix}/${suffix}`),
  }),
  "aws:cloudwatch/logGroup:LogGroup": (name) => ({
    arn: `arn:aws:logs:${region}:${accountId}:log-group:${name}`,
  }),
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (name) => ({
    arn: `arn:aws:firehose:${region}:${accountId}:deliverystream/${name}`,
  }),
  "aws:ecr/repository:Repository": (name) => ({
    arn: `arn:aws:ecr:${region}:${accountId}:repository/${name}`,
    repositoryUrl: `${accountId}.dkr.ecr.${region}.amazonaws.com/${name}`,
  }),
  "aws:ecs/taskDefinition:TaskDefinition": (_, { family }) => ({
    arn: `arn:aws:ecs:${region}:${accountId}:task-definition/${String(family)}:1`,
  }),
  "aws:s3/bucket:Bucket": (name, { bucket = name }) => ({
    bucket,
    arn: `arn:aws:s3:::${String(bucket)}`,
  }),
  "aws:secretsmanager/secret:Secret": (name) => ({
    arn: `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-AbCdEf`,
  }),
  // Of the secret that it is a version of.
  "aws:secretsmanager/secretVersion:SecretVersion": (_, { secretId }) => ({
    arn: `arn:aws:secretsmanager:${region}:${accountId}:secret:${String(secretId)}-AbCdEf`,
    versionId: "0b8e1d5c-7c1f-4f0a-9a53-2f9d6a1c7e40",
  }),
  "aws:elasticache/serverlessCache:ServerlessCache": (name) => ({
    endpoints: [{ address: `${name}-c1a2b3.serverless.euw1.cache.amazonaws.com`, port: 6379 }],
  }),
  "aws:elasticache/replicationGroup:ReplicationGroup": (_, { replicationGroupId }) => ({
    primaryEndpointAddress: `master.${String(replicationGroupId)}.c1a2b3.euw1.cache.amazonaws.com`,
    memberClusters: [2, 1].map((node) => `${String(replicationGroupId)}-00${node}`),
  }),
  "aws:rds/cluster:Cluster": (name, { engineVersion, clusterIdentifierPrefix: prefix }) => ({
    clusterIdentifier: `${String(prefix)}20261129104500`,
    endpoint: `${String(prefix)}20261129104500.cluster-c1a2b3c4d5e6.${region}.rds.amazonaws.com`,
    engineVersionActual: engineVersion,
    masterUserSecrets: [masterSecret("cluster", name)],
  }),
  "aws:rds/instance:Instance": (name, { identifierPrefix: prefix }) => ({
    identifier: `${String(prefix)}20261129104500`,
    address: `${String(prefix)}20261129104500.c1a2b3c4d5e6.${region}.rds.amazonaws.com`,
    masterUserSecrets: [masterSecret("db", name)],
  }),
  "aws:kms/key:Key": (name) => ({
    ...{ arn: `arn:aws:kms:${region}:${accountId}:key/${name}`, keyId: name },
  }),
  "aws:sns/topic:Topic": (name) => ({ arn: `arn:aws:sns:${region}:${accountId}:${name}` }),
  "aws:sqs/queue:Queue": (name) => ({
    arn: `arn:aws:sqs:${region}:${accountId}:${name}`,
    url: `https://sqs.${region}.amazonaws.com/${accountId}/${name}`,
  }),
  "aws:cloudwatch/eventRule:EventRule": (name) => ({
    arn: `arn:aws:events:${region}:${accountId}:rule/${name}`,
  }),
  "aws:sfn/stateMachine:StateMachine": (name) => ({
    arn: `arn:aws:states:${region}:${accountId}:stateMachine:${name}`,
  }),
  "aws:codepipeline/pipeline:Pipeline": (name) => ({
    arn: `arn:aws:codepipeline:${region}:${accountId}:${name}`,
  }),
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
  "aws:acm/certificate:Certificate": (_, { domainName, subjectAlternativeNames }) => ({
    domainValidationOptions: [domainName, ...(subjectAlternativeNames as string[])].map((host) => ({
      domainName: host,
      resourceRecordName: `_proof.${String(host)}`,
      resourceRecordType: "CNAME",
      resourceRecordValue: "_proof.acm-validations.aws",
    })),
  }),
  "aws:route53/record:Record": (_, { name }) => ({ fqdn: name }),
  "docker:index/image:Image": (_, { imageName }) => ({
    repoDigest: `${String(imageName).replace(/:[^:/]+$/, "")}@sha256:${"b".repeat(64)}`,
  }),
  "awsx:ec2:Vpc": (name, { numberOfAvailabilityZones, natGateways }) => {
    const { strategy = "None" } = (natGateways ?? {}) as { strategy?: string };
    const gateways = { None: 0, Single: 1 }[strategy] ?? Number(numberOfAvailabilityZones);
    const ids = (kind: string) =>
      Array.from({ length: Number(numberOfAvailabilityZones) }, (_, i) => `subnet-${kind}${i + 1}`);
    return {
      vpcId: `vpc-${name}`,
      vpc: { arn: `arn:aws:ec2:${region}:${accountId}:vpc/vpc-${name}` },
      publicSubnetIds: ids("public"),
      privateSubnetIds: ids("private"),
      isolatedSubnetIds: [],
      natGateways: Array.from({ length: gateways }, (_, i) => ({
        publicIp: `198.51.100.${i + 1}`,
      })),
      routeTables: ids("table").map((id) => ({
        ...{ id: id.replace("subnet", "rtb"), tags: { SubnetType: "Public" } },
      })),
      internetGateway: { id: `igw-${name}` },
    };
  },
};
