import { withElb } from "../shared/elbApi";

/** One target of a target group, in AWS's words: `healthy`, `Target.Timeout`. */
export interface TargetHealth {
  readonly state: string;
  readonly reason?: string;
}

/** The health of a target group's targets. */
export async function targetHealth(targetGroupArn: string): Promise<readonly TargetHealth[]> {
  return withElb(targetGroupArn, async (client, { DescribeTargetHealthCommand }) => {
    const { TargetHealthDescriptions = [] } = await client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
    );
    return TargetHealthDescriptions.map(({ TargetHealth: found }) => ({
      state: found?.State ?? "unknown",
      ...(found?.Reason ? { reason: found.Reason } : {}),
    }));
  });
}
