import * as aws from "@pulumi/aws";
import type * as awsx from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";

/**
 * Leads public subnets to the internet by IPv6, where awsx makes routes of IPv4 alone.
 * @param zones as many as the VPC has.
 */
export function ipv6Routes(
  name: string,
  vpc: awsx.Vpc,
  zones: number,
  parent: pulumi.Resource,
): aws.ec2.Route[] {
  const tables = vpc.routeTables
    .apply((all) => pulumi.all(all.map(({ id, tags }) => pulumi.all([id, tags]))))
    .apply((all) => all.flatMap(([id, tags]) => (tags?.SubnetType === "Public" ? [id] : [])));
  return Array.from(
    { length: zones },
    (_, zone) =>
      new aws.ec2.Route(
        `${name}-ipv6-${zone + 1}`,
        {
          routeTableId: tables[zone],
          destinationIpv6CidrBlock: "::/0",
          gatewayId: vpc.internetGateway.id,
        },
        { parent },
      ),
  );
}
