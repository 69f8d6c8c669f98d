import {
  DescribeListenersCommand,
  DescribeTargetGroupsCommand,
  paginateDescribeRules,
  type ElasticLoadBalancingV2Client,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { servicesOf } from "../stacks/config/sides";
import type { Clients } from "./clients";
import { describeServices } from "./deploy/ecs";
import { DeliveryError } from "./errors";
import { leadingRules } from "./pagePlaces";
import type { Target } from "./target";

/** A listener on which an environment's maintenance page stands. */
export interface MaintainedListener {
  readonly arn: string;
  readonly rules: readonly Rule[];
  /** The target groups of the environment's services. */
  readonly groups: ReadonlySet<string>;
}

/**
 * The listeners that lead to the environment's services: those of HTTPS where there are any, since HTTP leads there then; of a
 * load balancer that serves others too, those with a rule that leads to them.
 * @throws DeliveryError where there is none.
 */
export async function maintainedListeners({
  target,
  clients: { ecs, elb },
}: {
  readonly target: Target;
  readonly clients: Pick<Clients, "ecs" | "elb">;
}): Promise<MaintainedListener[]> {
  const described = await describeServices(ecs, target);
  const groups = servicesOf("main", target.config).flatMap(([name]) =>
    Object.hasOwn(described, name)
      ? (described[name].loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? [])
      : [],
  );
  if (groups.length === 0) throw nothingLeads(target);
  // All are behind the same one.
  const { TargetGroups = [] } = await elb.send(
    new DescribeTargetGroupsCommand({ TargetGroupArns: [groups[0]] }),
  );
  const found: MaintainedListener[] = [];
  for (const LoadBalancerArn of TargetGroups.flatMap(
    ({ LoadBalancerArns = [] }) => LoadBalancerArns,
  )) {
    const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
    const secure = Listeners.filter(({ Protocol }) => Protocol === "HTTPS");
    const isShared = target.config.loadBalancer.existing !== undefined;
    const serving = secure.length > 0 && !isShared ? secure : Listeners;
    for (const { ListenerArn: arn = "" } of serving) {
      const listener = { arn, rules: await rulesOf(elb, arn), groups: new Set(groups) };
      if (!isShared || leadingRules(listener).length > 0) found.push(listener);
    }
  }
  if (found.length === 0) throw nothingLeads(target);
  return found;
}

function nothingLeads({ stack }: Target): DeliveryError {
  return new DeliveryError(
    `no load balancer leads to a service of ${stack}, so nobody could get a page there`,
    [
      "Services of kind: web have one, once pulumi up has made them; internal ones beside it are not meant.",
    ],
  );
}

async function rulesOf(elb: ElasticLoadBalancingV2Client, ListenerArn: string): Promise<Rule[]> {
  const rules: Rule[] = [];
  for await (const page of paginateDescribeRules({ client: elb }, { ListenerArn })) {
    rules.push(...(page.Rules ?? []));
  }
  return rules;
}
