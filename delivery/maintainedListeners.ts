import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type Rule,
  type RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { nobodysNetwork } from "../contract/nobodysNetwork";
import { hostGroups } from "../stacks/config/hostGroups";
import { servicesOf } from "../stacks/config/sides";
import type { Clients } from "./clients";
import { describeServices } from "./deploy/ecs";
import { DeliveryError } from "./errors";
import type { Target } from "./target";

/** A listener on which an environment's maintenance page stands. */
export interface MaintainedListener {
  readonly arn: string;
  readonly rules: readonly Rule[];
  /** The target groups of the environment's services. */
  readonly groups: ReadonlySet<string>;
}

/** What a page answers: everything, or the environment's hosts where the load balancer serves others too. */
export function requestsOf({ config }: Target): RuleCondition[] {
  if (config.loadBalancer.existing === undefined) {
    return [{ Field: "path-pattern", PathPatternConfig: { Values: ["/*"] } }];
  }
  return hostGroups(config).map((hosts) => ({
    Field: "host-header",
    HostHeaderConfig: { Values: [...hosts] },
  }));
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
      if (!isShared || listener.rules.some((rule) => leadsTo(listener, rule))) found.push(listener);
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
  let Marker: string | undefined;
  do {
    const page = await elb.send(new DescribeRulesCommand({ ListenerArn, Marker }));
    rules.push(...(page.Rules ?? []));
    Marker = page.NextMarker;
  } while (Marker);
  return rules;
}

/** The lowest free priorities before every rule that requests of the environment meet. */
export function firstPriorities(
  count: number,
  listener: MaintainedListener,
  { stack, config }: Target,
): number[] {
  const taken = new Map(listener.rules.map((rule) => [Number(rule.Priority), rule]));
  const found: number[] = [];
  for (let priority = 1; found.length < count; priority++) {
    const rule = taken.get(priority);
    if (rule === undefined) found.push(priority);
    if (rule === undefined || meetsNobody(rule)) continue;
    if (config.loadBalancer.existing !== undefined && !leadsTo(listener, rule)) continue;
    throw new DeliveryError(
      `a listener rule of ${stack} has the priority ${priority}: none can stand before it`,
      [
        `Give its route in config another priority, such as ${priority + count}, and run pulumi up.`,
      ],
    );
  }
  return found;
}

function leadsTo({ groups }: MaintainedListener, { Actions = [] }: Rule): boolean {
  return Actions.some(({ TargetGroupArn = "" }) => groups.has(TargetGroupArn));
}

function meetsNobody({ Conditions = [] }: Rule): boolean {
  return Conditions.some(({ SourceIpConfig }) => SourceIpConfig?.Values?.includes(nobodysNetwork));
}
