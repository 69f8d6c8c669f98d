import { tasksNeedPublicIp } from "../../../components/network/taskPlacement";
import type { Check } from "../checks";

/** What the agent of a host reaches beside ECR and logs ("Amazon ECS interface VPC endpoints", ECS developer guide). */
const agentEndpoints = ["ecs", "ecs-agent", "ecs-telemetry"] as const;

/**
 * Tasks of `capacity: ec2` have no public addresses ("Allocate a network interface for an Amazon ECS task", ECS developer
 * guide): only private subnets with a way out serve them.
 */
export const checkHostNetwork: Check = ({ cluster, network }, report) => {
  if (cluster.capacity !== "ec2") return;
  const reads = [["cluster", "capacity"]];
  if (network.mode === "existing") {
    if (network.vpcId === undefined) {
      // Whoever says by which gateways its tasks leave has made it otherwise than AWS does.
      if (network.natAddresses !== undefined) return;
      report({
        path: ["network", "vpcId"],
        given: "nothing, which is the account's default VPC",
        allowed:
          "a VPC with private subnets: tasks on hosts get no public address, and the default VPC has no other way out",
        fix: "name vpcId, publicSubnetIds and privateSubnetIds with a NAT gateway, set mode: create, or choose another cluster.capacity",
        reads: [...reads, ["network", "natAddresses"]],
      });
      return;
    }
    if (network.privateSubnetIds !== undefined) return;
    report({
      path: ["network", "privateSubnetIds"],
      given: "nothing",
      allowed: "private subnets with a way out: tasks on hosts get no public address",
      fix: "add privateSubnetIds of the VPC, or choose another cluster.capacity",
      reads,
    });
    return;
  }
  if (network.nat !== "none") return;
  if (tasksNeedPublicIp(network)) {
    report({
      path: ["network", "nat"],
      allowed: "single or perZone with capacity: ec2: tasks on hosts get no public address",
      fix: "set nat: single, or choose another cluster.capacity",
      reads: [...reads, ["network", "interfaceEndpoints"]],
    });
    return;
  }
  const missing = agentEndpoints.filter((name) => !network.interfaceEndpoints.includes(name));
  if (missing.length === 0) return;
  report({
    path: ["network", "interfaceEndpoints"],
    allowed: `${agentEndpoints.join(", ")} too, by which hosts without a gateway reach ECS`,
    fix: `add ${missing.join(", ")}`,
    reads,
  });
};
