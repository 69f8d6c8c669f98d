import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnOf, text } from "../shared/account";
import { admitGroup } from "../shared/admitGroup";
import { allow, type Statement } from "../shared/iam";
import { named } from "../shared/tags";
import type { Fault } from "../shared/validation";
import type { PipelineArgs } from "./args";
import type { PipelineArns } from "./arns";
import { findTaskStatements } from "./roles/taskRights";

/** Where Verify runs inside a VPC: undefined without `verifyNetwork`. */
export function verifyVpc(
  name: string,
  { verifyNetwork, tags }: Pick<PipelineArgs, "verifyNetwork" | "tags">,
  parent: pulumi.Resource,
): aws.types.input.codebuild.ProjectVpcConfig | undefined {
  if (!verifyNetwork) return undefined;
  const { vpcId, subnetIds, internalLoadBalancers = {}, services = {} } = verifyNetwork;
  const opts = { parent };
  const group = new aws.ec2.SecurityGroup(
    `${name}-verify`,
    { vpcId, description: "Verify: to what it tests", tags: named(`${name}-verify`, tags) },
    opts,
  );
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-verify-out`,
    // The services by any port, and everything that their tests need of the internet.
    {
      ...{ securityGroupId: group.id, ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" },
      ...{ description: "To what it tests, and what its tests need", tags },
    },
    opts,
  );
  const reached = [
    ...Object.entries(internalLoadBalancers).map(([side, to]) => [`to-${side}`, to] as const),
    ...Object.entries(services).map(([service, to]) => [`asks-${service}`, to] as const),
  ];
  for (const [rule, { securityGroupId, port }] of reached) {
    admitGroup(
      `${name}-verify-${rule}`,
      { securityGroupId, from: group.id, port, description: "Verify", tags },
      opts,
    );
  }
  return { vpcId, subnets: subnetIds, securityGroupIds: [group.id] };
}

/** Finding the tasks that Verify asks: those of these services, by what ECS says of them. */
export function verifyTaskStatements(
  { verifyNetwork, services }: Pick<PipelineArgs, "verifyNetwork" | "services">,
  arns: PipelineArns,
): Statement[] {
  const asked = Object.keys(verifyNetwork?.services ?? {}).map(
    (name) => services[name].serviceName,
  );
  return asked.length === 0 ? [] : findTaskStatements(arns, asked);
}

/**
 * The interfaces that CodeBuild makes of a build in a VPC, as AWS has the policy ("Allow CodeBuild access to AWS services
 * required to create a VPC network interface", AWS CodeBuild user guide), but in these subnets alone.
 */
export function verifyVpcStatements(
  { verifyNetwork }: Pick<PipelineArgs, "verifyNetwork">,
  { account }: PipelineArns,
): Statement[] {
  if (!verifyNetwork) return [];
  const { subnetIds } = verifyNetwork;
  const arns = (ids: readonly pulumi.Input<string>[]) =>
    ids.map((id) => arnOf(account, "ec2", text`subnet/${id}`));
  const subnets = Array.isArray(subnetIds)
    ? arns(subnetIds)
    : pulumi.output(subnetIds).apply((ids) => pulumi.all(arns(ids)));
  // An interface's name is known only when CodeBuild has made it.
  const interfaces = arnOf(account, "ec2", "network-interface/*");
  return [
    allow(
      [
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
      ],
      // They take no resource.
      "*",
    ),
    // EC2 asks for the interface, its groups and its subnet.
    allow(["ec2:CreateNetworkInterface"], [interfaces, arnOf(account, "ec2", "security-group/*")]),
    allow(["ec2:CreateNetworkInterface"], subnets),
    allow(["ec2:DeleteNetworkInterface"], [interfaces], {
      StringEquals: { "ec2:Subnet": subnets },
    }),
    // Without it an interface leads nowhere: only CodeBuild gets it, and only in these subnets.
    allow(["ec2:CreateNetworkInterfacePermission"], [interfaces], {
      StringEquals: { "ec2:AuthorizedService": "codebuild.amazonaws.com", "ec2:Subnet": subnets },
    }),
  ];
}

/** What Verify asks is to be found by what the pipeline delivers. */
export function verifyNetworkFaults({
  verifyNetwork,
  services,
}: Pick<PipelineArgs, "verifyNetwork" | "services">): Fault[] {
  return Object.keys(verifyNetwork?.services ?? {})
    .filter((name) => !Object.hasOwn(services, name))
    .map((name) => ({
      path: `verifyNetwork.services.${name}`,
      given: name,
      allowed: "services that the pipeline deploys",
      fix: "name it in services as well, or remove it",
    }));
}
