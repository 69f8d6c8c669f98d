import type { Check, Report } from "../checks";
import { verifiedPrivately, verifiesByNat, verifiesInternal } from "../verification";
import type { EnvironmentConfig } from "../types";

/**
 * A build in a VPC reaches the internet through a NAT gateway alone: CodeBuild gives its interfaces no public address
 * ("Use AWS CodeBuild with Amazon VPC", AWS CodeBuild user guide). The name of a load balancer that faces the internet leads
 * to its public addresses inside the VPC too, so that it sees the gateway's address, and no security group.
 */
export const checkVerification: Check = (config, report) => {
  if (verifiesByNat(config)) checkAddresses(config, report);
  else if (!lacksWayOut(config)) return;
  else if (verifiesInternal(config)) reportInternal(config, report);
  else reportPrivate(config, report);
};

function checkAddresses({ network }: EnvironmentConfig, report: Report) {
  const allowed =
    "0.0.0.0/0, or a network through whose NAT gateways the pipeline's verification comes";
  const reads = [["network", "natAddresses"], ["network", "nat"], ["pipeline"]] as const;
  if (network.mode === "create" && network.nat === "none") {
    report({
      path: ["loadBalancer", "allowedCidrs"],
      allowed,
      fix: "set network.nat: single, or leave verify out and test from a network that is allowed",
      reads,
    });
  }
  if (network.mode !== "existing") return;
  const hasPrivate = network.vpcId === undefined || network.privateSubnetIds !== undefined;
  if (network.natAddresses === undefined || !hasPrivate) {
    report({
      path: ["loadBalancer", "allowedCidrs"],
      allowed,
      fix:
        "name private subnets with a NAT gateway as network.privateSubnetIds, and its public address as " +
        "network.natAddresses; the default VPC has neither",
      reads,
    });
  }
}

/** What only the network reaches is verified in the private subnets, which need a way out for CodeBuild itself. */
function lacksWayOut({ network }: EnvironmentConfig): boolean {
  return network.mode === "create"
    ? network.nat === "none"
    : network.privateSubnetIds === undefined && network.natAddresses === undefined;
}

const allowed =
  "a network whose private subnets have a NAT gateway, in which the pipeline's verification runs";
const reads = [["network", "nat"], ["network"], ["pipeline"]] as const;

function reportInternal({ loadBalancer, network, services }: EnvironmentConfig, report: Report) {
  const [name] =
    Object.entries(services).find(([, each]) => each.kind === "web" && each.route.internal) ?? [];
  report({
    path:
      loadBalancer.internal || name === undefined
        ? ["loadBalancer", "internal"]
        : ["services", name, "route", "internal"],
    ...{ allowed, reads },
    fix: `${wayOut(network)}, or leave verify out`,
  });
}

function reportPrivate(config: EnvironmentConfig, report: Report) {
  for (const [name] of verifiedPrivately(config)) {
    report({
      path: ["services", name, "verify"],
      given: "the tasks of a private service, which only the network reaches",
      ...{ allowed, reads },
      fix: `${wayOut(config.network)}, or set verify: false`,
    });
  }
}

function wayOut({ mode }: EnvironmentConfig["network"]): string {
  return mode === "create"
    ? "set network.nat: single"
    : "name private subnets with a NAT gateway as network.privateSubnetIds";
}
