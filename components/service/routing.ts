import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { boundedName } from "../shared/naming";
import type { Tags } from "../shared/tags";
import type { LoadBalancer } from "./loadBalancer";
import { routePriority } from "./routePriority";

/** Which requests of a load balancer a service answers. AWS takes five values in all. */
export interface RouteArgs {
  /** Path patterns such as `/api/*`. Without them, every path. */
  readonly paths?: readonly string[];
  /** Host names, `*.shop.example.com` too. Without them, every host. */
  readonly hosts?: readonly string[];
  /** 1 to 50000; the lowest that matches answers. Without it, the more specific route comes first. */
  readonly priority?: number;
}

export interface HealthCheckArgs {
  /** Without it, `/health`. */
  readonly path?: string;
  /** HTTP status codes that mean healthy, such as `200` or `200-299`. Without it, `200`. */
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
  readonly loadBalancer: LoadBalancer;
  readonly vpcId: pulumi.Input<string>;
  readonly port: number;
  readonly route: RouteArgs;
  readonly healthCheck: HealthCheckArgs;
  /** Seconds that a task which leaves may finish its requests in. */
  readonly drainSeconds: number;
  readonly tags?: Tags;
}

export interface Routing {
  readonly targetGroup: aws.lb.TargetGroup;
  /** ECS refuses a service whose target group no listener uses. */
  readonly rule: aws.lb.ListenerRule;
  readonly url: pulumi.Output<string>;
}

/** A target group for a service's tasks, and the rule that leads to it. */
export function routing(name: string, args: RoutingArgs, parent: pulumi.Resource): Routing {
  const { healthCheck, loadBalancer, route, tags } = args;
  const targetGroup = new aws.lb.TargetGroup(
    boundedName(name, 32),
    {
      vpcId: args.vpcId,
      port: args.port,
      protocol: "HTTP",
      targetType: "ip",
      deregistrationDelay: args.drainSeconds,
      // A new task gets work in proportion to what it finishes, and not a full share while it warms up.
      loadBalancingAlgorithmType: "least_outstanding_requests",
      healthCheck: {
        path: healthCheck.path ?? "/health",
        matcher: healthCheck.matcher ?? "200",
        interval: healthCheck.intervalSeconds ?? 10,
        timeout: healthCheck.timeoutSeconds ?? 5,
        healthyThreshold: healthCheck.healthyThreshold ?? 2,
        unhealthyThreshold: healthCheck.unhealthyThreshold ?? 3,
      },
      tags,
    },
    { parent },
  );
  const rule = new aws.lb.ListenerRule(
    `${name}-rule`,
    {
      listenerArn: loadBalancer.listenerArn,
      priority: route.priority ?? routePriority(route),
      conditions: conditions(route),
      actions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
      tags,
    },
    { parent },
  );
  return { targetGroup, rule, url: routeUrl(loadBalancer, route) };
}

function conditions({
  paths = [],
  hosts = [],
}: RouteArgs): aws.types.input.lb.ListenerRuleCondition[] {
  const byHost = hosts.length > 0 ? [{ hostHeader: { values: [...hosts] } }] : [];
  // AWS wants at least one condition.
  const patterns = paths.length > 0 ? [...paths] : ["/*"];
  const byPath = hosts.length > 0 && patterns.join() === "/*" ? [] : [patterns];
  return [...byHost, ...byPath.map((values) => ({ pathPattern: { values } }))];
}

/** The first address of a route that a person can open: its first literal host, and its first path up to a wildcard. */
function routeUrl(
  { host, protocol }: LoadBalancer,
  { paths = [], hosts = [] }: RouteArgs,
): pulumi.Output<string> {
  const literalHost = hosts.find((name) => !/[*?]/.test(name));
  const path = (paths[0] ?? "/*").replace(/[*?].*$/, "").replace(/\/$/, "");
  return pulumi.interpolate`${protocol}://${literalHost ?? host}${path}`;
}

/** Lets the load balancer reach the tasks on their port, and nobody else. */
export function openFromLoadBalancer(
  name: string,
  args: Pick<RoutingArgs, "loadBalancer" | "port" | "tags"> & { tasks: aws.ec2.SecurityGroup },
  parent: pulumi.Resource,
): void {
  const { loadBalancer, port, tags, tasks } = args;
  const range = { ipProtocol: "tcp", fromPort: port, toPort: port, tags };
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-fromLoadBalancer`,
    {
      ...range,
      securityGroupId: tasks.id,
      referencedSecurityGroupId: loadBalancer.securityGroupId,
      description: "From the load balancer",
    },
    { parent },
  );
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-toTasks`,
    {
      ...range,
      securityGroupId: loadBalancer.securityGroupId,
      referencedSecurityGroupId: tasks.id,
      description: "To the tasks",
    },
    { parent },
  );
}
