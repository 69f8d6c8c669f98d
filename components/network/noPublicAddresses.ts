import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

/**
 * Of a network's parts, the subnets give nothing a public address that does not ask for one: load balancers, NAT gateways, tasks and hosts of
 * the cluster ask. awsx has no argument for it, and gives one to all that starts in a public subnet.
 */
export function withoutPublicAddresses({
  type,
  props,
  opts,
}: Pick<pulumi.ResourceTransformArgs, "type" | "props" | "opts">):
  pulumi.ResourceTransformResult | undefined {
  if (type !== "aws:ec2/subnet:Subnet") return undefined;
  return { props: { ...props, mapPublicIpOnLaunch: false }, opts };
}

/** The transforms of a network's parts. Pulumi's mocks refuse transforms, and make no parts. */
export function transformsOfParts(): pulumi.ResourceTransform[] {
  const isMocked = pulumi.runtime.getMonitor() instanceof MockMonitor;
  return isMocked ? [] : [withoutPublicAddresses];
}
