import { withClient } from "../shared/awsClient";

/** One target of a target group, in AWS's words: `healthy`, `Target.Timeout`. */
export interface TargetHealth {
  readonly state: string;
  readonly reason?: string;
}

/** The health of a target group's targets. */
export async function targetHealth(targetGroupArn: string): Promise<readonly TargetHealth[]> {
  // Hundreds of milliseconds to load, for the few updates that turn a rule.
  const { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } =
    await import("@aws-sdk/client-elastic-load-balancing-v2");
  return withClient(ElasticLoadBalancingV2Client, targetGroupArn, async (client) => {
    const { TargetHealthDescriptions = [] } = await client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
    );
    return TargetHealthDescriptions.map(({ TargetHealth: found }) => ({
      state: found?.State ?? "unknown",
      ...(found?.Reason ? { reason: found.Reason } : {}),
    }));
  });
}
