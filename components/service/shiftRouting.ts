import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DeploymentArgs } from "./deployment";
import { testPriority } from "./routePriority";
import { routeRules, valuesPerRule, type RouteRule } from "./routeRules";
import { conditions, ruleOfPriority, type Routing, type RoutingArgs } from "./routing";
import { routeUrl } from "./routeUrl";
import { shiftRole } from "./shiftRole";
import type { Weights } from "./leadingRules";
import { leading, ofProductionRule, ofTestRule, type Groups } from "./shiftRules";
import { makeTargetGroup } from "./targetGroup";
import type { ServiceTasks } from "./taskProtection";
import { testHeader, testValue } from "./testHeader";

/** What leads requests to the tasks of a service that has two target groups, and who changes it: ECS, with each deployment. */
export interface Shift {
  /** The other group beside `Routing.targetGroup`. Either may be the one that serves. */
  readonly alternate: aws.lb.TargetGroup;
  /** The rule of the route. */
  readonly production: aws.lb.ListenerRule;
  /** Leads requests with the test header to the tasks of a deployment that is held. */
  readonly test: aws.lb.ListenerRule;
  /** By which ECS changes both rules. */
  readonly role: aws.iam.Role;
}

export interface ShiftRoutingArgs extends RoutingArgs {
  readonly service: pulumi.Output<ServiceTasks>;
  /** Who answers deployments of it that are held. */
  readonly answeredBy?: NonNullable<DeploymentArgs["hold"]>["answeredBy"];
}

/**
 * Two target groups of a service, the rule of its route and a rule for test requests. Both are there before the service, as ECS
 * wants it, and where they lead belongs to ECS from then on: neither `pulumi up` nor a refresh changes it. They are the load
 * balancer's, under their priorities, as those of rolling deployments: a route that another service takes over goes on being
 * answered as before, until ECS leads it to the new one's tasks.
 */
export function shiftRouting(
  name: string,
  args: ShiftRoutingArgs,
  parent: pulumi.Resource,
): Routing & { readonly shift: Shift } {
  const { loadBalancer, route, tags } = args;
  const [rule] = routeRules(route);
  const targetGroup = makeTargetGroup(name, args, parent);
  const alternate = makeTargetGroup(`${name}-alt`, args, parent);
  const groups: Groups = pulumi.all([targetGroup.arn, alternate.arn]);
  const areMade = args.answeredBy !== "delivery";
  const now = leading({ own: rule, groups, listenerArn: loadBalancer.listenerArn, areMade });
  const lead = (priority: number, { matched, weights, hooks }: Led) =>
    new aws.lb.ListenerRule(
      ruleOfPriority(loadBalancer, priority),
      {
        listenerArn: loadBalancer.listenerArn,
        priority,
        conditions: matched,
        actions: [forward(weights)],
        tags,
      },
      // Weights alone cannot be left alone: what ECS writes differs in more than them.
      { parent: loadBalancer, hooks, ignoreChanges: ["actions"] },
    );
  const test = lead(testPriority(rule, route.priority), {
    matched: testConditions(rule, testValue(targetGroup.arn, alternate.arn)),
    weights: now.test,
    hooks: ofTestRule(groups),
  });
  const production = lead(rule.priority, {
    matched: conditions(rule),
    weights: now.production,
    hooks: ofProductionRule(args.service),
  });
  const shift = { alternate, production, test };
  const { role, policy } = shiftRole(name, { ...shift, targetGroup, tags }, parent);
  return {
    targetGroup,
    shift: { ...shift, role },
    before: [production, test, policy],
    url: routeUrl(loadBalancer, route),
  };
}

interface Led {
  readonly matched: aws.types.input.lb.ListenerRuleCondition[];
  readonly weights: pulumi.Output<Weights>;
  readonly hooks: pulumi.ResourceHookBinding;
}

/** The part of a service's load balancer that says so. */
export function advancedConfiguration({ alternate, production, test, role }: Shift) {
  return {
    alternateTargetGroupArn: alternate.arn,
    productionListenerRule: production.arn,
    testListenerRule: test.arn,
    roleArn: role.arn,
  };
}

function forward(weights: pulumi.Output<Weights>) {
  const targetGroups = weights.apply((shares) =>
    Object.entries(shares).map(([arn, weight]) => ({ arn, weight })),
  );
  return { type: "forward", forward: { targetGroups } };
}

/** The header, and what the route asks for where a rule takes as many values. */
function testConditions(
  rule: RouteRule,
  value: pulumi.Input<string>,
): aws.types.input.lb.ListenerRuleCondition[] {
  const header = { httpHeader: { httpHeaderName: testHeader, values: [value] } };
  const isFull = rule.hosts.length + rule.paths.length >= valuesPerRule;
  return isFull ? [header] : [header, ...conditions(rule)];
}
