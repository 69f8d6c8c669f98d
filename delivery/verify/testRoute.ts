import type { ECSClient, Service } from "@aws-sdk/client-ecs";
import {
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describeServices } from "../deploy/ecs";
import { DeliveryError } from "../errors";
import { servicesUnderWay } from "../steadyState/underWay";
import type { Target } from "../target";

/** The header by which a load balancer leads a request to new tasks that wait for their verification, and to them alone. */
export interface TestRoute {
  readonly header: string;
  /** Nobody is told it. */
  readonly value: string;
}

export interface TestRouteOptions {
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly target: Pick<Target, "config" | "names">;
}

/**
 * How the new tasks of services are reached that wait for their verification: their load balancer's rule says it.
 * @param names of services that are reached by a load balancer, as config calls them.
 * @returns by service; without those that do not wait, whose own address leads to what was deployed.
 * @throws DeliveryError where a service waits whose rule has no header.
 */
export async function testRoutes(
  { ecs, elb, target: { config, names } }: TestRouteOptions,
  services: readonly string[],
): Promise<Readonly<Record<string, TestRoute>>> {
  const asked = Object.fromEntries(services.map((name) => [name, config.services[name]]));
  const described = await describeServices(ecs, { config: { ...config, services: asked }, names });
  const routes: Record<string, TestRoute> = {};
  for (const { service, held } of await servicesUnderWay(ecs, names.cluster, described)) {
    if (held) routes[service] = await routeOf(elb, service, described[service]);
  }
  return routes;
}

async function routeOf(
  elb: ElasticLoadBalancingV2Client,
  service: string,
  { loadBalancers = [] }: Service,
): Promise<TestRoute> {
  const arn = loadBalancers
    .map(({ advancedConfiguration }) => advancedConfiguration?.testListenerRule)
    .find((rule) => rule !== undefined);
  const { Rules: rules = [] } = arn
    ? await elb.send(new DescribeRulesCommand({ RuleArns: [arn] }))
    : {};
  for (const { HttpHeaderConfig } of rules.flatMap(({ Conditions = [] }) => Conditions)) {
    const { HttpHeaderName: header, Values: [value] = [] } = HttpHeaderConfig ?? {};
    if (header && value) return { header, value };
  }
  throw new DeliveryError(
    `the new tasks of ${service} wait for their verification, but nothing leads there: ` +
      (arn ? `the rule ${arn} has no condition on a header` : "the service has no test rule") +
      ". Somebody changed it beside the program: pulumi refresh, then pulumi up, once the deployment was rolled back",
  );
}
