import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf, arnOf, type Account } from "../shared/account";
import { allow, policyDocument, trustOf, type Statement } from "../shared/iam";
import { boundedName } from "../shared/naming";
import { named, type Tags } from "../shared/tags";
import type { CpuArchitecture } from "../service/taskDefinition";

export interface InstancesArgs {
  readonly clusterName: string;
  readonly vpcId: pulumi.Input<string>;
  readonly subnetIds: pulumi.Input<string[]>;
  readonly assignPublicIp: boolean;
  readonly architecture: CpuArchitecture;
  readonly instanceType: string;
  readonly minInstances: number;
  readonly maxInstances: number;
  /** How full ECS keeps the instances, in percent: 100 leaves no room for a deployment's new tasks. */
  readonly targetCapacityPercent: number;
  readonly tags?: Tags;
}

/** The image that AWS publishes for ECS, by its SSM parameter: each instance refresh starts from the newest. */
const imageParameters = {
  X86_64: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
  ARM64: "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
} as const satisfies Record<CpuArchitecture, string>;

/** An Auto Scaling group of ECS-optimised hosts, and the capacity provider with which ECS scales it. */
export function instances(
  name: string,
  args: InstancesArgs,
  parent: pulumi.Resource,
): aws.ecs.CapacityProvider {
  const { tags } = args;
  const securityGroup = hostSecurityGroup(name, args, parent);
  const launchTemplate = new aws.ec2.LaunchTemplate(
    `${name}-hosts`,
    {
      imageId: `resolve:ssm:${imageParameters[args.architecture]}`,
      instanceType: args.instanceType,
      iamInstanceProfile: {
        arn: hostProfile(name, args, accountOf(securityGroup.arn), parent).arn,
      },
      // Version 2 of the metadata service, one hop: containers cannot read the host's credentials.
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      },
      monitoring: { enabled: true },
      networkInterfaces: [
        {
          associatePublicIpAddress: String(args.assignPublicIp),
          securityGroups: [securityGroup.id],
          deleteOnTermination: "true",
        },
      ],
      userData: Buffer.from(userData(args.clusterName)).toString("base64"),
      updateDefaultVersion: true,
      tagSpecifications: [
        { resourceType: "instance", tags: named(args.clusterName, tags) },
        { resourceType: "volume", tags: named(args.clusterName, tags) },
      ],
      tags,
    },
    { parent },
  );
  const group = new aws.autoscaling.Group(
    `${name}-hosts`,
    {
      minSize: args.minInstances,
      maxSize: args.maxInstances,
      vpcZoneIdentifiers: args.subnetIds,
      launchTemplate: {
        id: launchTemplate.id,
        version: pulumi.interpolate`${launchTemplate.latestVersion}`,
      },
      healthCheckType: "EC2",
      // ECS lifts this from a host that it has drained, and from no other.
      protectFromScaleIn: true,
      forceDelete: true,
      instanceRefresh: {
        strategy: "Rolling",
        preferences: { minHealthyPercentage: 100, scaleInProtectedInstances: "Refresh" },
      },
      tags: Object.entries({ ...named(args.clusterName, tags), AmazonECSManaged: "true" }).map(
        ([key, value]) => ({ key, value, propagateAtLaunch: true }),
      ),
    },
    // How many hosts run is ECS's to decide.
    { parent, ignoreChanges: ["desiredCapacity"] },
  );
  return new aws.ecs.CapacityProvider(
    `${name}-hosts`,
    {
      autoScalingGroupProvider: {
        autoScalingGroupArn: group.arn,
        managedTerminationProtection: "ENABLED",
        managedDraining: "ENABLED",
        managedScaling: { status: "ENABLED", targetCapacity: args.targetCapacityPercent },
      },
      tags,
    },
    { parent },
  );
}

function hostSecurityGroup(
  name: string,
  { vpcId, tags }: InstancesArgs,
  parent: pulumi.Resource,
): aws.ec2.SecurityGroup {
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-hosts`,
    { vpcId, description: "ECS hosts: nothing in, all out", tags: named(`${name}-hosts`, tags) },
    { parent },
  );
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-hostsOut`,
    {
      securityGroupId: securityGroup.id,
      description: "ECS, ECR and logs",
      ipProtocol: "-1",
      cidrIpv4: "0.0.0.0/0",
      tags,
    },
    { parent },
  );
  return securityGroup;
}

function hostProfile(
  name: string,
  args: InstancesArgs,
  account: Account,
  parent: pulumi.Resource,
): aws.iam.InstanceProfile {
  const { tags } = args;
  const logicalName = boundedName(`${name}-hosts`, 64);
  const role = new aws.iam.Role(
    logicalName,
    {
      // EC2 sends no source condition when an instance takes on its role.
      assumeRolePolicy: trustOf("ec2.amazonaws.com"),
      tags,
    },
    { parent },
  );
  new aws.iam.RolePolicy(
    `${name}-hosts`,
    { role: role.name, policy: policyDocument(...hostStatements(account, args.clusterName)) },
    { parent: role },
  );
  return new aws.iam.InstanceProfile(logicalName, { role: role.name, tags }, { parent });
}

/**
 * What the agents of ECS and of Systems Manager on a host do ("Amazon ECS container instance IAM role"; "Verify or add
 * instance permissions for Session Manager"). Images are pulled, secrets read and logs written by the roles of tasks.
 */
function hostStatements(account: Account, clusterName: string): Statement[] {
  return [
    allow(
      [
        "ecs:DeregisterContainerInstance",
        "ecs:RegisterContainerInstance",
        "ecs:SubmitAttachmentStateChanges",
        "ecs:SubmitContainerStateChange",
        "ecs:SubmitTaskStateChange",
      ],
      [arnOf(account, "ecs", `cluster/${clusterName}`)],
    ),
    allow(
      ["ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"],
      [arnOf(account, "ecs", `container-instance/${clusterName}/*`)],
    ),
    // Shell access without ssh, an open port or a key. None of these, nor the first, can be bounded to one host: an
    // instance has no ARN before it is there, and session channels and endpoints have none at all.
    allow(
      [
        "ecs:DiscoverPollEndpoint",
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      "*",
    ),
  ];
}

function userData(clusterName: string): string {
  return [
    "#!/bin/bash",
    `echo ECS_CLUSTER=${clusterName} >> /etc/ecs/ecs.config`,
    "echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config",
    "echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config",
    "",
  ].join("\n");
}
