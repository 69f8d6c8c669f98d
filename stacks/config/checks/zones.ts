import type { Check, Report } from "../checks";
import { servicesOf } from "../sides";
import type { EnvironmentConfig, ExistingNetworkConfig } from "../types";

/** By which it is told where load balancers are. */
const reads = [
  ["loadBalancer", "existingArn"],
  ["loadBalancer", "internal"],
];

/** Load balancers, databases and caches are in subnets of two zones at least; tasks take one. */
export const checkZones: Check = (config, report) => {
  const { network } = config;
  if (network.mode !== "existing" || network.vpcId === undefined) return;
  const { publicSubnetIds: publicIds = [], privateSubnetIds: privateIds = [] } = network;
  const makesOwn =
    config.loadBalancer.existing === undefined && servicesOf("main", config).length > 0;
  if (makesOwn && !config.loadBalancer.internal && publicIds.length < 2) {
    report({
      path: ["network", "publicSubnetIds"],
      given: told(publicIds),
      allowed: "two public subnets at least, in two zones: the load balancer needs them",
      fix: "add publicSubnetIds of the VPC",
      reads,
      whole: true,
    });
    if (privateIds.length === 0) return;
  }
  checkInside(network, insiders(makesOwn, config), report);
};

/** What is in the private subnets: without them, in the public ones, without a public address. */
function insiders(makesOwn: boolean, config: EnvironmentConfig): string[] {
  const isInside =
    servicesOf("internal", config).length > 0 || (makesOwn && config.loadBalancer.internal);
  return [
    ...(isInside ? ["the internal load balancer"] : []),
    ...Object.keys({ ...config.databases, ...config.caches }),
  ];
}

function checkInside(
  { publicSubnetIds = [], privateSubnetIds = [] }: ExistingNetworkConfig,
  insiders: readonly string[],
  report: Report,
) {
  const all = [...privateSubnetIds, ...publicSubnetIds];
  const usesPublic = privateSubnetIds.length === 0 && all.length > 0;
  const ids = usesPublic ? publicSubnetIds : privateSubnetIds;
  const needed = insiders.length > 0 ? 2 : 1;
  if (ids.length >= needed) return;
  report({
    path: ["network", usesPublic ? "publicSubnetIds" : "privateSubnetIds"],
    given: told(ids),
    allowed:
      needed === 1
        ? "one subnet at least, for the tasks"
        : `two at least, in two zones, where ${insiders.join(", ")} must be`,
    fix:
      ids.length === 0
        ? "add privateSubnetIds of the VPC"
        : `name another ${usesPublic ? "public" : "private"} subnet of the VPC, of another zone`,
    reads: [...reads, ["network", "privateSubnetIds"]],
    whole: true,
  });
}

function told(ids: readonly string[]): string {
  return ids.length === 0 ? "nothing" : "1 subnet";
}
