import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Connection } from "../runner/connection";
import type { ServiceTask } from "../runner/serviceContainers";
import type { Entrance } from "./rules";

/** A registered target of a target group. */
export interface Target {
  readonly targetGroupArn: string;
  /** An address, or an instance's id. */
  readonly id: string;
  readonly port: number;
  /** Of its health, such as `healthy`. */
  readonly state: string;
  /** Null for a target that is no task. */
  readonly task: ServiceTask | null;
}

/** A load balancer at one moment. */
export interface Routes {
  readonly listeners: readonly (Entrance & { readonly rules: readonly Rule[] })[];
  /** Of each target group that a rule names, by its ARN. */
  readonly targets: Readonly<Record<string, readonly Target[]>>;
}

/** A request that came to a target, as CloudWatch is told of it. */
export interface PlayedRequest {
  /** ARN. */
  readonly loadBalancer: string;
  /** ARN. */
  readonly targetGroup: string;
  /** Of the target's answer; null where it gave none. */
  readonly status: number | null;
  /** Whether it could be connected to. */
  readonly isConnected: boolean;
  /** From the request to the first byte of the answer. */
  readonly seconds: number;
}

/** What the load balancers of an account are now. */
export class Listeners {
  private readonly client: ElasticLoadBalancingV2Client;

  constructor(private readonly connection: Connection) {
    this.client = new ElasticLoadBalancingV2Client(connection.root);
  }

  /** The load balancers that lead to a target group. */
  async loadBalancersOf(targetGroupArn: string): Promise<string[]> {
    const { TargetGroups: groups = [] } = await this.client.send(
      new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn] }),
    );
    return groups.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns);
  }

  /**
   * Rules and targets together: between two calls of ELB's API ECS may have moved requests, and ended what had them. No
   * deployment goes on because of it, which descriptions of targets bring further.
   */
  routes(loadBalancer: string): Promise<Routes> {
    const query = new URLSearchParams({ loadBalancer });
    return this.connection.emulator.control<Routes>(`traffic/routes?${query.toString()}`);
  }

  /** Has CloudWatch count a request. */
  async played(request: PlayedRequest): Promise<void> {
    await this.connection.emulator.control("traffic/requests", { requests: [request] });
  }
}

/**
 * The healthy targets; where none is, the unhealthy ones, since load balancers fail open. Those that drain, or whose first
 * checks run, get nothing.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function servingOf(targets: readonly Target[]): Target[] {
  const healthy = targets.filter(({ state }) => state === "healthy");
  return healthy.length > 0 ? healthy : targets.filter(({ state }) => state === "unhealthy");
}
