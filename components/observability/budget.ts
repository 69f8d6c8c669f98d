import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags";
import type { BudgetArgs } from "./args";

/** What is told at which percent of the budget: of what was spent, and of what will be. */
const thresholds = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "ACTUAL", threshold: 100 },
  { notificationType: "FORECASTED", threshold: 100 },
] as const;

/**
 * What a month may cost, by tags that were activated as cost allocation tags: of those that were not, AWS Budgets counts nothing.
 */
export function budget(
  name: string,
  budgetName: string,
  { monthlyUsd, emails, costTags }: BudgetArgs,
  tags: Tags | undefined,
  parent: pulumi.Resource,
): void {
  const filters = Object.entries(costTags).map(([key, value]) => ({
    tags: { key, values: [value] },
  }));
  const [first, ...others] = filters;
  new aws.budgets.Budget(
    `${name}-budget`,
    {
      name: budgetName,
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(monthlyUsd),
      limitUnit: "USD",
      metrics: "UnblendedCost",
      filterExpression: others.length === 0 ? first : { ands: filters },
      notifications: thresholds.map((each) => ({
        ...each,
        comparisonOperator: "GREATER_THAN",
        thresholdType: "PERCENTAGE",
        subscriberEmailAddresses: [...emails],
      })),
      tags,
    },
    { parent },
  );
}
