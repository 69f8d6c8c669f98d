import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { admitGroup } from "./admitGroup";
import { changeable } from "./changeable";
import { named, type Tags } from "./tags";

export interface ReachableArgs {
  readonly vpcId: pulumi.Input<string>;
  readonly description: string;
  readonly port: number;
  /** Security groups that may connect, by the name of whose they are. */
  readonly clients: Readonly<Record<string, pulumi.Input<string>>>;
  readonly tags?: Tags;
}

export interface Reachable {
  readonly securityGroupId: pulumi.Output<string>;
  /** By client: known once it is let in. */
  readonly rules: Readonly<Record<string, pulumi.Output<string>>>;
}

/**
 * A security group that lets in its clients on one port, and nobody else; it lets nothing out.
 * @param options of the group. Rules come and go with config, and are not protected.
 */
export function reachable(
  name: string,
  { vpcId, description, port, clients, tags }: ReachableArgs,
  options: pulumi.CustomResourceOptions,
): Reachable {
  const group = new aws.ec2.SecurityGroup(
    `${name}-group`,
    { vpcId, description, tags: named(name, tags) },
    options,
  );
  const rules = Object.entries(clients).map(([client, securityGroupId]) => {
    const rule = admitGroup(
      `${name}-from-${client}`,
      {
        ...{ securityGroupId: group.id, from: securityGroupId, port, tags },
        description: `From ${client}`,
      },
      changeable(group),
    );
    return [client, rule.id] as const;
  });
  return { securityGroupId: group.id, rules: Object.fromEntries(rules) };
}
