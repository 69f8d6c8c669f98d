import * as aws from "@pulumi/aws";
import { ConfigError, type EnvironmentConfig } from "./config";
import { servicesOf } from "./config/sides";

/**
 * A load balancer gets IPv6 addresses in subnets that have an IPv6 network alone, and AWS says so when most of the environment is
 * there.
 * @throws ConfigError before anything is registered.
 */
export async function refuseSubnetsWithoutIpv6(config: EnvironmentConfig): Promise<void> {
  const { loadBalancer, network, stack } = config;
  if (!loadBalancer.ipv6 || network.mode !== "existing") return;
  if (servicesOf("main", config).length === 0) return;
  const ids = network.publicSubnetIds ?? (await defaultSubnets());
  const subnets = await Promise.all(ids.map((id) => aws.ec2.getSubnet({ id })));
  const faults = subnets
    .filter(({ ipv6CidrBlock }) => !ipv6CidrBlock)
    .map(({ id }) => ({
      path: "gantry:loadBalancer.ipv6",
      given: `true, and public subnet ${id} has no IPv6 network`,
      allowed: "true where every public subnet has one",
      fix: "give the VPC and the subnet IPv6 networks, and the subnet's route table ::/0 to the internet gateway, or remove ipv6",
    }));
  if (faults.length > 0) throw new ConfigError(stack, faults);
}

async function defaultSubnets(): Promise<string[]> {
  const filters = [{ name: "default-for-az", values: ["true"] }];
  return (await aws.ec2.getSubnets({ filters })).ids;
}
