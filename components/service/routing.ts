import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { nobodysNetwork } from "../../contract/nobodysNetwork";
import { boundedName } from "../shared/naming";
import type { Tags } from "../shared/tags";
import { whenHealthy, type CutoverArgs } from "./cutover";
import { healthQuestion, protocolVersion, type RouteProtocol } from "./protocol";
import { attachingPriority, routeRules, type RouteRule } from "./routeRules";
import type { ServingLoadBalancer } from "./servingLoadBalancer";

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
  /** 5 to 300. Without it, 10: two checks make a new task healthy, so it serves after 20 seconds. */
  readonly intervalSeconds?: number;
  /** Less than the interval. Without it, 5. */
  readonly timeoutSeconds?: number;
  /** Without it, 2, the least. */
  readonly healthyThreshold?: number;
  /** Without it, 3. */
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
  /** ECS refuses a service whose target group is on no load balancer: this rule puts it there, and leads no request. */
  readonly attachment: aws.lb.ListenerRule;
  readonly url: pulumi.Output<string>;
}

/**
 * The port of target groups that is never used: ECS registers each task with its container's port. A change of it would
 * replace the group, and the rule would lead to an empty one.
 */
const unusedPort = 80;

/** A target group for a service's tasks, attached to the load balancer. No request is led to it yet. */
export function routing(name: string, args: RoutingArgs, parent: pulumi.Resource): Routing {
  const { healthCheck, loadBalancer, route, tags } = args;
  const protocol = route.protocol ?? "http1";
  const { path, matcher } = healthQuestion(protocol);
  const targetGroup = new aws.lb.TargetGroup(
    // AWS takes a group for one load balancer alone: a service that goes over to the other has another group there.
    boundedName(`${name}${loadBalancer.suffix}`, 32),
    {
      vpcId: args.vpcId,
      port: unusedPort,
      protocol: "HTTP",
      // Another one replaces the group: see `HeldTasks`.
      protocolVersion: protocolVersion(protocol),
      targetType: "ip",
      deregistrationDelay: args.drainSeconds,
      // A new task gets work in proportion to what it finishes, and not a full share while it warms up.
      loadBalancingAlgorithmType: "least_outstanding_requests",
      stickiness: stickiness(route),
      healthCheck: {
        path: healthCheck.path ?? path,
        matcher: healthCheck.matcher ?? matcher,
        interval: healthCheck.intervalSeconds ?? 10,
        timeout: healthCheck.timeoutSeconds ?? 5,
        healthyThreshold: healthCheck.healthyThreshold ?? 2,
        unhealthyThreshold: healthCheck.unhealthyThreshold ?? 3,
      },
      tags,
    },
    // Groups of earlier versions have the port of their service, and keep it.
    { parent, ignoreChanges: ["port"] },
  );
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
  return { targetGroup, attachment, url: routeUrl(loadBalancer, route) };
}

/** Said where it is off, too: AWS keeps what is not. */
function stickiness({ sticky }: RouteArgs) {
  return { type: "lb_cookie", enabled: sticky !== undefined, cookieDuration: sticky ?? 86_400 };
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
    `${loadBalancer.ruleName}-rule-${priority}`,
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

function conditions({ paths, hosts }: RouteRule): aws.types.input.lb.ListenerRuleCondition[] {
  return [
    ...(hosts.length > 0 ? [{ hostHeader: { values: [...hosts] } }] : []),
    ...(paths.length > 0 ? [{ pathPattern: { values: [...paths] } }] : []),
  ];
}

/**
 * The first address of a route that a person can open: its first literal host, and its first path up to a wildcard. Where all hosts
 * have wildcards, and none matches the load balancer's own name, the first one as it is.
 */
function routeUrl(
  { host, protocol }: ServingLoadBalancer,
  { paths = [], hosts = [] }: RouteArgs,
): pulumi.Output<string> {
  const literalHost = hosts.find((name) => !/[*?]/.test(name));
  // Of wildcards alone there is none, unless the load balancer's own name is one that they match.
  const address = host.apply((name) => {
    const isAnswered = hosts.length === 0 || hosts.some((pattern) => matches(pattern, name));
    return literalHost ?? (isAnswered ? name : hosts[0]);
  });
  const path = (paths[0] ?? "/*").replace(/[*?].*$/, "").replace(/\/$/, "");
  return pulumi.interpolate`${protocol}://${address}${path}`;
}

/** Whether a pattern of `*` and `?` matches a host. */
function matches(pattern: string, host: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "i").test(host);
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
