import { withClient } from "../shared/awsClient";

/** Where a rule leads: the share of requests by the ARN of a target group. */
export type Weights = Readonly<Record<string, number>>;

/** @returns none where the rule forwards nothing. */
export async function weightsOf(ruleArn: string): Promise<Weights> {
  const { DescribeRulesCommand, ElasticLoadBalancingV2Client } = await load();
  return withClient(ElasticLoadBalancingV2Client, ruleArn, async (client) => {
    const { Rules = [] } = await client.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
    const actions = Rules.flatMap((rule) => rule.Actions ?? []);
    return Object.fromEntries(
      actions.flatMap(({ ForwardConfig, TargetGroupArn }) => {
        const groups = ForwardConfig?.TargetGroups ?? [{ TargetGroupArn, Weight: 1 }];
        return groups.flatMap(({ TargetGroupArn: arn, Weight }) =>
          arn === undefined ? [] : [[arn, Weight ?? 0]],
        );
      }),
    );
  });
}

/** Has a rule lead elsewhere, in the shares that are given, and nowhere else. */
export async function leadTo(ruleArn: string, weights: Weights): Promise<void> {
  const { ElasticLoadBalancingV2Client, ModifyRuleCommand } = await load();
  const TargetGroups = Object.entries(weights).map(([TargetGroupArn, Weight]) => ({
    TargetGroupArn,
    Weight,
  }));
  await withClient(ElasticLoadBalancingV2Client, ruleArn, (client) =>
    client.send(
      new ModifyRuleCommand({
        RuleArn: ruleArn,
        Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
      }),
    ),
  );
}

/** Hundreds of milliseconds, for the few updates in which a service goes over to another strategy. */
function load() {
  return import("@aws-sdk/client-elastic-load-balancing-v2");
}
