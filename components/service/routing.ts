import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { nobodysNetwork } from "../../contract/nobodysNetwork";
import type { Tags } from "../shared/tags";
import { whenHealthy, type CutoverArgs } from "./cutover";
import type { RouteProtocol } from "./protocol";
import { routeUrl } from "./routeUrl";
import { attachingPriority, routeRules, type RouteRule } from "./routeRules";
import type { ServingLoadBalancer } from "./servingLoadBalancer";
import type { Shift } from "./shiftRouting";
import { makeTargetGroup } from "./targetGroup";

/** Which requests of a load balancer a service answers. More paths and hosts than a listener rule takes are several rules. */
export interface RouteArgs {
  /** Path patterns such as `/api/*`. Without them, every path. */
  readonly paths?: readonly string[];
  /** Host names, `*.shop.example.com` too. Without them, every host. */
  readonly hosts?: readonly string[];
  /**
   * 1 to 50000; the lowest that matches answers. Where there are several rules, that of the first, and the others follow.
   * Without it, the more specific route comes first.
   */
  readonly priority?: number;
  /** The sidecar that takes the requests, on its port. Without it, the service's own container does. */
  readonly container?: string;
  /**
   * Seconds for which a cookie of the load balancer leads a client to the same task, 1 to 604800 (a week), from each of
   * its requests on. Without it, each request may go to another task.
   */
  readonly sticky?: number;
  /**
   * How the load balancer speaks to the tasks. `http2` and `grpc` are without TLS (h2c), and need a load balancer with a
   * certificate. Without it, `http1`.
   */
  readonly protocol?: RouteProtocol;
}

export interface HealthCheckArgs {
  /** Without it, `/health`; with gRPC `/grpc.health.v1.Health/Check`, its own protocol for health. */
  readonly path?: string;
  /** HTTP status codes that mean healthy, such as `200` or `200-299`, or codes of gRPC. Without it, `200`; with gRPC `0`. */
  readonly matcher?: string;
  /** 5 to 300. Without it, 5, or one more than the timeout: a new task serves 5 seconds after its first good answer at the latest. */
  readonly intervalSeconds?: number;
  /** Less than the interval. Without it, 5, or one less than the interval. */
  readonly timeoutSeconds?: number;
  /** After it was unhealthy; a new task needs one. Without it, 2, the least. */
  readonly healthyThreshold?: number;
  /** Without it, as many as there are in 30 seconds, and 3 at least. */
  readonly unhealthyThreshold?: number;
  /** Seconds after its start in which a task is not judged. Without it, 30. */
  readonly graceSeconds?: number;
}

export interface RoutingArgs {
  readonly loadBalancer: ServingLoadBalancer;
  readonly vpcId: pulumi.Input<string>;
  readonly route: RouteArgs;
  readonly healthCheck: HealthCheckArgs;
  /** Seconds that a task which leaves may finish its requests in. */
  readonly drainSeconds: number;
  readonly tags?: Tags;
}

export interface Routing {
  readonly targetGroup: aws.lb.TargetGroup;
  /** What leads requests to either of two groups; undefined where there is one. */
  readonly shift?: Shift;
  /**
   * What must be there before the service. ECS refuses one whose target group is on no load balancer: where no rule leads
   * requests to it yet, one puts it there that leads none.
   */
  readonly before: readonly pulumi.Resource[];
  readonly url: pulumi.Output<string>;
}

/** A target group for a service's tasks, attached to the load balancer. No request is led to it yet. */
export function routing(name: string, args: RoutingArgs, parent: pulumi.Resource): Routing {
  const { loadBalancer, route, tags } = args;
  const targetGroup = makeTargetGroup(name, args, parent);
  const attachment = rule(
    {
      loadBalancer,
      priority: attachingPriority(routeRules(route)),
      conditions: [{ sourceIp: { values: [nobodysNetwork] } }],
      targetGroup,
      tags,
    },
    {},
  );
  return { targetGroup, before: [attachment], url: routeUrl(loadBalancer, route) };
}

/**
 * Leads the requests of a route to a service that runs: the rules come after its tasks, and go before them.
 * @param cutover Without it, at once, whether or not any task can answer.
 */
export function openRoute(
  name: string,
  args: Pick<RoutingArgs, "loadBalancer" | "route" | "tags"> & Pick<Routing, "targetGroup">,
  service: aws.ecs.Service,
  cutover: CutoverArgs | undefined,
  parent: pulumi.Resource,
): void {
  const { loadBalancer, route, targetGroup, tags } = args;
  const hooks = cutover && whenHealthy(cutover);
  // What earlier versions called the one rule that there was.
  const aliases = [{ name: `${name}-rule`, parent }];
  const rules = routeRules(route);
  let later: aws.lb.ListenerRule | undefined;
  // A pattern that moves to the next rule is there before it leaves the one in which it was.
  for (let index = rules.length - 1; index >= 0; index--) {
    const { priority } = rules[index];
    later = rule(
      { loadBalancer, priority, conditions: conditions(rules[index]), targetGroup, tags },
      {
        dependsOn: later ? [service, later] : [service],
        hooks,
        aliases: index === 0 ? aliases : [],
      },
    );
  }
}

/** The name of a rule by its priority. */
export function ruleOfPriority({ ruleName }: ServingLoadBalancer, priority: number): string {
  return `${ruleName}-rule-${priority}`;
}

interface RuleArgs {
  readonly loadBalancer: ServingLoadBalancer;
  readonly priority: number;
  readonly conditions: aws.types.input.lb.ListenerRuleCondition[];
  readonly targetGroup: aws.lb.TargetGroup;
  readonly tags?: Tags;
}

/**
 * A rule is the load balancer's, under the name of its priority: no two rules can ever want the same one, and a route that
 * another service takes over is a rule that turns to another target group, at once, and not one that comes and one that goes.
 */
function rule(args: RuleArgs, opts: pulumi.CustomResourceOptions): aws.lb.ListenerRule {
  const { loadBalancer, priority, conditions, targetGroup, tags } = args;
  return new aws.lb.ListenerRule(
    ruleOfPriority(loadBalancer, priority),
    {
      listenerArn: loadBalancer.listenerArn,
      priority,
      conditions,
      actions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
      tags,
    },
    { ...opts, parent: loadBalancer },
  );
}

export function conditions({
  paths,
  hosts,
}: RouteRule): aws.types.input.lb.ListenerRuleCondition[] {
  return [
    ...(hosts.length > 0 ? [{ hostHeader: { values: [...hosts] } }] : []),
    ...(paths.length > 0 ? [{ pathPattern: { values: [...paths] } }] : []),
  ];
}

/**
 * Lets the load balancer reach the tasks, and nobody else: on every port, since tasks of two ports run side by side while a
 * service changes its port. The load balancer connects to no port but those that ECS registers.
 */
export function openFromLoadBalancer(
  name: string,
  args: Pick<RoutingArgs, "loadBalancer" | "tags"> & { tasks: aws.ec2.SecurityGroup },
  parent: pulumi.Resource,
): void {
  const { loadBalancer, tags, tasks } = args;
  const range = { ipProtocol: "tcp", fromPort: 1, toPort: 65535, tags };
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-fromLoadBalancer${loadBalancer.groupSuffix}`,
    {
      ...range,
      securityGroupId: tasks.id,
      referencedSecurityGroupId: loadBalancer.securityGroupId,
      description: "From the load balancer",
    },
    { parent },
  );
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-toTasks${loadBalancer.groupSuffix}`,
    {
      ...range,
      securityGroupId: loadBalancer.securityGroupId,
      referencedSecurityGroupId: tasks.id,
      description: "To the tasks",
    },
    { parent },
  );
}
