import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { named } from "../shared/tags";
import { defaultClients, isIpv6Network } from "./clients";
import type { LoadBalancerArgs } from "./loadBalancerArgs";

/** The security group of a load balancer, with a rule for each of its clients and ports. */
export function clientsGroup(
  name: string,
  args: LoadBalancerArgs,
  protocol: "https" | "http",
  parent: pulumi.Resource,
): aws.ec2.SecurityGroup {
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-lb`,
    {
      vpcId: args.network.vpcId,
      description: "Load balancer: from its clients, to the tasks behind it",
      tags: named(`${name}-lb`, args.tags),
    },
    { parent },
  );
  const ports = protocol === "https" ? [80, 443] : [80];
  for (const { label, ...client } of clients(args)) {
    for (const port of ports) {
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-from-${label}-${port}`,
        {
          securityGroupId: securityGroup.id,
          description: port === 443 ? "HTTPS" : "HTTP",
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          ...client,
          tags: args.tags,
        },
        { parent },
      );
    }
  }
  return securityGroup;
}

interface Client {
  readonly label: string;
  readonly cidrIpv4?: pulumi.Input<string>;
  readonly cidrIpv6?: string;
  readonly prefixListId?: string;
}

function clients(args: LoadBalancerArgs): Client[] {
  const { allowedPrefixListIds = [], allowedAddresses = [] } = args;
  const hasPrefixLists = allowedPrefixListIds.length > 0;
  const { allowedCidrs = defaultClients({ ...args, hasPrefixLists }) } = args;
  return [
    ...allowedCidrs.map((cidr) =>
      isIpv6Network(cidr)
        ? // Two colons in a row divide the parts of a URN.
          { label: cidr.replaceAll(":", "_"), cidrIpv6: cidr }
        : { label: cidr, cidrIpv4: cidr },
    ),
    ...allowedPrefixListIds.map((id) => ({ label: id, prefixListId: id })),
    ...allowedAddresses.map((address, index) => ({
      label: `address${index + 1}`,
      cidrIpv4: pulumi.interpolate`${address}/32`,
    })),
  ];
}
