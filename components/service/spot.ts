import type { CapacityProviderStrategyItem } from "../ecsCluster";
import { isWhole, type Fault } from "../shared/validation";
import type { ServiceArgs } from "./args";

/** Which of a service's tasks run on Fargate Spot. */
export interface SpotArgs {
  /** The first one that does: with 2, one task always runs on demand, and all beyond it on Spot. From 1 to 100001. */
  readonly from: number;
}

/** Of the strategy, its base, that is on demand ("CapacityProviderStrategyItem", ECS API reference). */
const mostOnDemand = 100_000;

/** The capacity of a service: its own share of Spot, or what its cluster has for all. */
export function capacityOfService({
  cluster,
  spot,
}: Pick<ServiceArgs, "cluster" | "spot">): CapacityProviderStrategyItem[] {
  if (spot === undefined) return [...cluster.capacityProviderStrategies];
  if (spot === false) return [{ capacityProvider: "FARGATE", weight: 1 }];
  const onSpot = { capacityProvider: "FARGATE_SPOT", weight: 1 };
  const base = spot === true ? 0 : spot.from - 1;
  return base === 0 ? [onSpot] : [{ capacityProvider: "FARGATE", base, weight: 0 }, onSpot];
}

/** What is wrong with a service's share of Spot. */
export function spotFaults({ cluster, spot }: Pick<ServiceArgs, "cluster" | "spot">): Fault[] {
  if (spot === undefined) return [];
  if (!cluster.launchTypes.includes("FARGATE")) {
    return [
      {
        path: "spot",
        given: spot,
        allowed: "nothing on hosts, which are no Fargate",
        fix: "remove it, or run the service on Fargate",
      },
    ];
  }
  if (typeof spot === "boolean") return [];
  const { from } = spot;
  return isWhole(from, 1, mostOnDemand + 1)
    ? []
    : [
        {
          path: "spot.from",
          given: from,
          allowed: `a whole number from 1 to ${mostOnDemand + 1}`,
          fix: "name the first task that runs on Spot, such as 2",
        },
      ];
}
