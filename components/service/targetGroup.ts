import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { boundedName } from "../shared/naming";
import { probeTimes } from "./probeTimes";
import { healthQuestion, protocolVersion } from "./protocol";
import type { RouteArgs, RoutingArgs } from "./routing";

/**
 * The port of target groups that is never used: ECS registers each task with its container's port. A change of it would
 * replace the group, and the rule would lead to an empty one.
 */
const unusedPort = 80;

/** A target group for a service's tasks, which is on no load balancer yet. */
export function makeTargetGroup(
  name: string,
  args: RoutingArgs,
  parent: pulumi.Resource,
): aws.lb.TargetGroup {
  const { healthCheck, loadBalancer, route, tags } = args;
  const protocol = route.protocol ?? "http1";
  const { path, matcher } = healthQuestion(protocol);
  const probe = probeTimes(healthCheck);
  return new aws.lb.TargetGroup(
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
        interval: probe.intervalSeconds,
        timeout: probe.timeoutSeconds,
        healthyThreshold: probe.healthyThreshold,
        unhealthyThreshold: probe.unhealthyThreshold,
      },
      tags,
    },
    // Groups of earlier versions have the port of their service, and keep it.
    { parent, ignoreChanges: ["port"] },
  );
}

/** Said where it is off, too: AWS keeps what is not. */
function stickiness({ sticky }: RouteArgs) {
  return { type: "lb_cookie", enabled: sticky !== undefined, cookieDuration: sticky ?? 86_400 };
}
