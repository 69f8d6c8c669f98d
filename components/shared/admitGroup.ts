import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "./tags";

export interface AdmissionArgs {
  /** The group that lets in. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Whom it lets in. */
  readonly from: pulumi.Input<string>;
  /** The TCP port, and no other. */
  readonly port: number;
  readonly description: string;
  readonly tags?: Tags;
}

/** Lets the members of one security group connect to those of another, on one port. */
export function admitGroup(
  name: string,
  { securityGroupId, from, port, description, tags }: AdmissionArgs,
  options: pulumi.CustomResourceOptions,
): aws.vpc.SecurityGroupIngressRule {
  return new aws.vpc.SecurityGroupIngressRule(
    name,
    {
      ...{ securityGroupId, referencedSecurityGroupId: from, description, tags },
      ...{ ipProtocol: "tcp", fromPort: port, toPort: port },
    },
    options,
  );
}
