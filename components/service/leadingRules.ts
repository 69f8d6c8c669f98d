import type * as sdk from "@aws-sdk/client-elastic-load-balancing-v2";
import { withElb } from "../shared/elbApi";

/** Where a rule leads: the share of requests by the ARN of a target group. */
export type Weights = Readonly<Record<string, number>>;

/** A rule of a listener, and what it matches. */
export interface ListenerRule {
  readonly arn: string;
  /** The listener's default comes last. */
  readonly priority: number;
  /** Patterns of which one must match; undefined where any does. */
  readonly hosts?: readonly string[];
  readonly paths?: readonly string[];
  /** Whether it asks for anything else. */
  readonly isNarrower: boolean;
  /** Empty where it forwards nothing. */
  readonly weights: Weights;
}

/** @returns none where the rule forwards nothing. */
export async function weightsOf(ruleArn: string): Promise<Weights> {
  return withElb(ruleArn, async (client, { DescribeRulesCommand }) => {
    const { Rules = [] } = await client.send(new DescribeRulesCommand({ RuleArns: [ruleArn] }));
    return weightsIn(Rules[0]);
  });
}

/** All rules of a listener. */
export async function rulesOf(listenerArn: string): Promise<readonly ListenerRule[]> {
  return withElb(listenerArn, async (client, { paginateDescribeRules }) => {
    const rules: ListenerRule[] = [];
    for await (const page of paginateDescribeRules({ client }, { ListenerArn: listenerArn })) {
      rules.push(...(page.Rules ?? []).map(listed));
    }
    return rules;
  });
}

/** The listener that a rule is of. */
export function listenerOf(ruleArn: string): string {
  return ruleArn.replace(":listener-rule/", ":listener/").replace(/\/[^/]*$/, "");
}

/** Has a rule lead elsewhere, in the shares that are given, and nowhere else. */
export async function leadTo(ruleArn: string, weights: Weights): Promise<void> {
  const TargetGroups = Object.entries(weights).map(([TargetGroupArn, Weight]) => ({
    TargetGroupArn,
    Weight,
  }));
  await withElb(ruleArn, (client, { ModifyRuleCommand }) =>
    client.send(
      new ModifyRuleCommand({
        RuleArn: ruleArn,
        Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
      }),
    ),
  );
}

function listed(rule: sdk.Rule): ListenerRule {
  const { Conditions = [], Priority, RuleArn = "" } = rule;
  const of = (field: string) => Conditions.find(({ Field }) => Field === field);
  return {
    arn: RuleArn,
    priority: Priority === "default" ? Infinity : Number(Priority),
    hosts: of("host-header")?.HostHeaderConfig?.Values,
    paths: of("path-pattern")?.PathPatternConfig?.Values,
    isNarrower: Conditions.some(
      ({ Field = "" }) => !["host-header", "path-pattern"].includes(Field),
    ),
    weights: weightsIn(rule),
  };
}

function weightsIn({ Actions = [] }: sdk.Rule): Weights {
  return Object.fromEntries(
    Actions.flatMap(({ ForwardConfig, TargetGroupArn }) => {
      const groups = ForwardConfig?.TargetGroups ?? [{ TargetGroupArn, Weight: 1 }];
      return groups.flatMap(({ TargetGroupArn: arn, Weight }) =>
        arn === undefined ? [] : [[arn, Weight ?? 0]],
      );
    }),
  );
}
