import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type Rule,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ClientSettings } from "../runner/connection";
import type { Entrance } from "./rules";

/** A registered target of a target group. */
export interface Target {
  readonly targetGroupArn: string;
  /** An address, or an instance's id. */
  readonly id: string;
  readonly port: number;
}

/** What the load balancers of an account are, as ELB's API tells it now. */
export class Listeners {
  private readonly client: ElasticLoadBalancingV2Client;

  constructor(settings: ClientSettings) {
    this.client = new ElasticLoadBalancingV2Client(settings);
  }

  /** The load balancers that lead to a target group. */
  async loadBalancersOf(targetGroupArn: string): Promise<string[]> {
    const { TargetGroups: groups = [] } = await this.client.send(
      new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn] }),
    );
    return groups.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns);
  }

  /** The rules of a load balancer's listener; undefined where it has none there. */
  async rules(loadBalancerArn: string, { protocol, port }: Entrance): Promise<Rule[] | undefined> {
    const { Listeners: listeners = [] } = await this.client.send(
      new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn }),
    );
    const listener = listeners.find((one) => one.Protocol === protocol && one.Port === port);
    if (!listener) return undefined;
    const rules: Rule[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.client.send(
        new DescribeRulesCommand({ ListenerArn: listener.ListenerArn, Marker }),
      );
      rules.push(...(page.Rules ?? []));
      Marker = page.NextMarker;
    } while (Marker);
    return rules;
  }

  /** The targets of a group that requests are sent to. */
  async serving(targetGroupArn: string): Promise<Target[]> {
    const { TargetHealthDescriptions: all = [] } = await this.client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
    );
    return servingOf(all).map(({ Target: { Id = "", Port = 0 } = {} }) => ({
      ...{ targetGroupArn, id: Id, port: Port },
    }));
  }
}

/**
 * The healthy targets; where none is, the unhealthy ones, since load balancers fail open. Those that drain, or whose first
 * checks run, get nothing.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function servingOf(targets: readonly TargetHealthDescription[]): TargetHealthDescription[] {
  const of = (state: string) => targets.filter((one) => one.TargetHealth?.State === state);
  const healthy = of("healthy");
  return healthy.length > 0 ? healthy : of("unhealthy");
}
