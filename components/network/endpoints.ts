import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../shared/account";
import { named, type Tags } from "../shared/tags";

export interface EndpointsArgs {
  readonly vpcId: pulumi.Input<string>;
  readonly vpcArn: pulumi.Input<string>;
  readonly vpcCidr: string;
  readonly subnetIds: pulumi.Input<string[]>;
  readonly routeTableIds: pulumi.Input<string[]>;
  /**
   * AWS service names without region, such as `ecr.api`, or whole ones as `com.amazonaws.eu-west-1.ecr.api`. About 7 USD a month
   * each and zone.
   */
  readonly interfaceEndpoints: readonly string[];
  readonly tags?: Tags;
}

/**
 * Ways to AWS that do not leave the VPC: S3 for every subnet, since it is free and image layers come from there,
 * and the interface endpoints asked for.
 * @returns the prefix list of S3, which leads there.
 */
export function endpoints(
  name: string,
  args: EndpointsArgs,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { vpcId, tags } = args;
  const { region } = accountOf(args.vpcArn);
  const s3 = new aws.ec2.VpcEndpoint(
    `${name}-s3`,
    {
      vpcId,
      serviceName: pulumi.interpolate`com.amazonaws.${region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: args.routeTableIds,
      tags: named(`${name}-s3`, tags),
    },
    { parent },
  );
  if (args.interfaceEndpoints.length === 0) {
    return s3.prefixListId;
  }
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-endpoints`,
    { vpcId, description: "Interface endpoints", tags: named(`${name}-endpoints`, tags) },
    { parent },
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-endpointsFromVpc`,
    {
      securityGroupId: securityGroup.id,
      description: "HTTPS from inside the VPC",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: args.vpcCidr,
      tags,
    },
    { parent },
  );
  for (const service of args.interfaceEndpoints) {
    new aws.ec2.VpcEndpoint(
      `${name}-${service}`,
      {
        vpcId,
        serviceName: /^(com|cn|aws)\./.test(service)
          ? service
          : pulumi.interpolate`com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: args.subnetIds,
        securityGroupIds: [securityGroup.id],
        tags: named(`${name}-${service}`, tags),
      },
      { parent },
    );
  }
  return s3.prefixListId;
}
