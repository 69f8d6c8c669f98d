import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../shared/account";
import { policyDocument } from "../shared/iam";
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
      iamInstanceProfile: { arn: hostProfile(name, tags, securityGroup.arn, parent).arn },
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
  tags: Tags | undefined,
  anyArn: pulumi.Input<string>,
  parent: pulumi.Resource,
): aws.iam.InstanceProfile {
  const { partition } = accountOf(anyArn);
  const logicalName = boundedName(`${name}-hosts`, 64);
  const role = new aws.iam.Role(
    logicalName,
    {
      // EC2 sends no source condition when an instance takes on its role.
      assumeRolePolicy: policyDocument({
        Effect: "Allow",
        Principal: { Service: "ec2.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
      tags,
    },
    { parent },
  );
  const policies = {
    ecs: "service-role/AmazonEC2ContainerServiceforEC2Role",
    // Shell access without ssh, an open port or a key.
    sessions: "AmazonSSMManagedInstanceCore",
  };
  for (const [key, policy] of Object.entries(policies)) {
    new aws.iam.RolePolicyAttachment(
      `${name}-hosts-${key}`,
      {
        role: role.name,
        policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/${policy}`,
      },
      { parent },
    );
  }
  return new aws.iam.InstanceProfile(logicalName, { role: role.name, tags }, { parent });
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
