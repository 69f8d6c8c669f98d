import { DescribeSubnetsCommand, type Subnet } from "@aws-sdk/client-ec2";
import { counted } from "../../../contract/counted";
import type { EnvironmentConfig } from "../../../stacks/config";
import type { Check, Finding } from "../check";

/** Whether the subnets have addresses for as many tasks as may run: each task takes one. */
export const addressesCheck: Check = {
  name: "addresses",
  title: "free addresses",
  rights: ["ec2:DescribeSubnets", "ecs:DescribeServices"],
  run: async ({ target, clients, services }) => {
    const described = Object.values(await services());
    const SubnetIds = [
      ...new Set(
        described.flatMap(
          ({ networkConfiguration }) => networkConfiguration?.awsvpcConfiguration?.subnets ?? [],
        ),
      ),
    ];
    if (SubnetIds.length === 0) return { well: "no service runs yet" };
    const { Subnets = [] } = await clients.ec2.send(new DescribeSubnetsCommand({ SubnetIds }));
    const running = described.reduce((sum, { runningCount = 0 }) => sum + runningCount, 0);
    const free = Subnets.reduce(
      (sum, { AvailableIpAddressCount = 0 }) => sum + AvailableIpAddressCount,
      0,
    );
    return {
      well: `${free} free in ${counted(Subnets.length, "subnet")}, for ${mostTasks(target.config)} tasks at most`,
      findings: addressFindings(Subnets, running, target.config),
    };
  },
};

/** Tasks of services that may run at once, each with its successor beside it in a deployment. */
export function mostTasks({ services }: Pick<EnvironmentConfig, "services">): number {
  return Object.values(services).reduce((sum, service) => {
    if (service.kind === "job") return sum + 1;
    const times = service.deployment.strategy === "recreate" ? 1 : 2;
    return sum + service.scaling.max * times;
  }, 0);
}

/** @param running tasks, which have their addresses. */
export function addressFindings(
  subnets: readonly Subnet[],
  running: number,
  config: Pick<EnvironmentConfig, "services">,
): Finding[] {
  const free = subnets.map(({ SubnetId = "", CidrBlock = "", AvailableIpAddressCount = 0 }) => ({
    ...{ id: SubnetId, block: CidrBlock, count: AvailableIpAddressCount },
  }));
  const fix =
    "name larger subnets as network.privateSubnetIds (a subnet does not grow), or take out what else is in these; see aws ec2 describe-network-interfaces";
  // ECS spreads tasks over zones, and a task whose turn a full subnet is does not start.
  const full = free
    .filter(({ count }) => count === 0)
    .map(({ id, block }): Finding => ({
      severity: "error",
      where: id,
      what: `no address is left in ${block}: tasks that ECS places there do not start`,
      fix,
    }));
  const sum = free.reduce((total, { count }) => total + count, 0);
  const needed = mostTasks(config) - running;
  if (full.length > 0 || sum >= needed) return full;
  return [
    {
      severity: "warning",
      where: free.map(({ id }) => id).join(", "),
      what: `${counted(sum, "address", "addresses")} are free, and scaling and a deployment may start ${needed} more tasks`,
      fix,
    },
  ];
}
