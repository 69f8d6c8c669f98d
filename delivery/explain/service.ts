import type { Service } from "@aws-sdk/client-ecs";
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";

const targetLimit = 5;
const eventLimit = 8;

/** The target groups that a service registers its tasks in, both of a blue/green deployment. */
export function targetGroupsOf({ loadBalancers = [] }: Service): string[] {
  const arns = loadBalancers.flatMap(({ targetGroupArn, advancedConfiguration }) => [
    targetGroupArn,
    advancedConfiguration?.alternateTargetGroupArn,
  ]);
  return [...new Set(arns.filter((arn) => arn !== undefined))];
}

/** How the load balancer sees the targets of a group: a count, and those that are not healthy with the reason. */
export async function targetHealthLines(
  elb: ElasticLoadBalancingV2Client,
  targetGroupArn: string,
): Promise<string[]> {
  const { TargetHealthDescriptions: targets = [] } = await elb.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  const group = targetGroupArn.split("/").at(-2) ?? targetGroupArn;
  if (targets.length === 0) return [`target group ${group}: no target is registered`];
  const sick = targets.filter(({ TargetHealth }) => TargetHealth?.State !== "healthy");
  const more = sick.length - targetLimit;
  return [
    `target group ${group}: ${targets.length - sick.length} of ${targets.length} targets are healthy`,
    ...sick.slice(0, targetLimit).map((target) => `  ${targetText(target)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function targetText({ Target, TargetHealth }: TargetHealthDescription): string {
  const { State, Reason, Description } = TargetHealth ?? {};
  const why = [Reason, Description].filter((part) => part !== undefined).join(": ");
  return `${Target?.Id}:${Target?.Port} is ${State}${why ? ` (${why})` : ""}`;
}

/** The newest events of a service since a moment, newest first. */
export function eventLines({ events = [] }: Service, since: Date): string[] {
  return events
    .filter(({ createdAt }) => createdAt !== undefined && createdAt >= since)
    .filter(({ message = "" }) => !message.endsWith("has reached a steady state."))
    .slice(0, eventLimit)
    .map(({ createdAt, message }) => `${createdAt?.toISOString().slice(11, 19)} ${message}`);
}
