import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags";

/** Where tasks may connect: networks, a prefix list, or the members of a security group. */
export interface EgressArgs {
  /** What its rule is called after, once among those of a service. */
  readonly label: string;
  /** One of the three says where. */
  readonly cidrIpv4?: pulumi.Input<string>;
  readonly prefixListId?: pulumi.Input<string>;
  readonly securityGroupId?: pulumi.Input<string>;
  /** Without it, `tcp`; `all` has no port. */
  readonly protocol?: "tcp" | "udp" | "all";
  /** Without it, 443. */
  readonly port?: number;
  readonly description: string;
}

const everywhere: EgressArgs = {
  label: "everywhere",
  cidrIpv4: "0.0.0.0/0",
  protocol: "all",
  description: "Images, logs, secrets and what the service itself calls",
};

/**
 * Lets tasks out. Names are resolved and roles handed over whatever the rules are: security groups filter neither the VPC's resolver
 * nor what ECS tells a task about itself ("Control traffic to your AWS resources using security groups", Amazon VPC user guide).
 * @param egress undefined for everywhere.
 */
export function letOut(
  name: string,
  group: aws.ec2.SecurityGroup,
  { egress, tags }: { readonly egress?: readonly EgressArgs[]; readonly tags?: Tags },
  parent: pulumi.Resource,
): void {
  for (const rule of egress ?? [everywhere]) {
    const { label, protocol = "tcp", port = 443, cidrIpv4, prefixListId, description } = rule;
    new aws.vpc.SecurityGroupEgressRule(
      egress === undefined ? `${name}-tasksOut` : `${name}-to-${label}`,
      {
        securityGroupId: group.id,
        description,
        ...{ cidrIpv4, prefixListId, referencedSecurityGroupId: rule.securityGroupId },
        ...(protocol === "all"
          ? { ipProtocol: "-1" }
          : { ipProtocol: protocol, fromPort: port, toPort: port }),
        tags,
      },
      { parent },
    );
  }
}
