import type * as aws from "@pulumi/aws";
import { managedRuleGroups } from "./managedRules";

type Rule = aws.types.input.wafv2.WebAclRule;

/** The rules of a web ACL, in the order in which requests meet them. */
export function webAclRules(requestsPerIp: number, countOnly: readonly string[]): Rule[] {
  const groups = Object.entries(managedRuleGroups).map(([name, { label, rules }], index): Rule => {
    const counted = rules.filter((rule) => countOnly.includes(rule));
    return {
      name: label,
      priority: index + 1,
      // The groups' own actions hold.
      overrideAction: { none: {} },
      statement: {
        managedRuleGroupStatement: {
          ...{ vendorName: "AWS", name },
          ruleActionOverrides: counted.map((rule) => ({
            ...{ name: rule, actionToUse: { count: {} } },
          })),
        },
      },
      visibilityConfig: visibility(label),
    };
  });
  const rate: Rule = {
    ...{ name: "rate", priority: 0, action: { block: {} } },
    statement: {
      rateBasedStatement: {
        ...{ limit: requestsPerIp, evaluationWindowSec: 300, aggregateKeyType: "IP" },
      },
    },
    visibilityConfig: visibility("rate"),
  };
  return [rate, ...groups];
}

/** What CloudWatch counts, and of which requests the console shows samples. */
export function visibility(metricName: string) {
  return { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
