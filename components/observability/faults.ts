import { isWhole, type Fault } from "../shared/validation";
import type { BudgetArgs, ObservabilityArgs, ObservedBounds } from "./args";

/** What bounds may be; an approval waits for seven days at most ("Quotas in AWS CodePipeline"). */
export const observedRanges = {
  cpuPercent: [1, 100],
  memoryPercent: [1, 100],
  queueMinutes: [1, 1440],
  approvalHours: [1, 167],
} as const satisfies Record<keyof ObservedBounds, readonly [number, number]>;

/** Subscribers of a notification ("Subscriber", Budgets API reference). */
export const mostEmails = 10;

/** What is wrong with the arguments of a component. */
export function observabilityFaults({
  alarms = {},
  budget,
  dashboard = true,
  environmentName,
}: ObservabilityArgs): Fault[] {
  const given = alarms === false ? {} : alarms;
  const keys = Object.keys(observedRanges) as (keyof ObservedBounds)[];
  const bounds = keys.flatMap((key) => {
    const bound = given[key];
    return bound === undefined ? [] : [[key, bound] as const];
  });
  return [
    ...bounds.flatMap(([key, given]) => {
      const [least, most] = observedRanges[key];
      if (isWhole(given, least, most)) return [];
      const fix = `set ${key}: ${given < least ? least : most}`;
      return [
        { path: `alarms.${key}`, given, allowed: `a whole number from ${least} to ${most}`, fix },
      ];
    }),
    ...(budget ? budgetFaults(budget) : []),
    // "PutDashboard", CloudWatch API reference.
    ...(!dashboard || /^[\w-]{1,255}$/.test(environmentName)
      ? []
      : [
          {
            ...{ path: "environmentName", given: environmentName },
            allowed: "letters, digits, - and _, as a dashboard's name",
            fix: "choose such a name, or set dashboard: false",
          },
        ]),
  ];
}

function budgetFaults({ monthlyUsd, emails, costTags }: BudgetArgs): Fault[] {
  return [
    ...(monthlyUsd > 0
      ? []
      : [
          {
            path: "budget.monthlyUsd",
            given: monthlyUsd,
            allowed: "more than 0",
            fix: "say what a month may cost",
          },
        ]),
    ...(emails.length >= 1 && emails.length <= mostEmails
      ? []
      : [
          {
            path: "budget.emails",
            given: emails,
            allowed: `1 to ${mostEmails} addresses`,
            fix: "name who is told",
          },
        ]),
    ...(Object.keys(costTags).length > 0
      ? []
      : [
          {
            path: "budget.costTags",
            given: costTags,
            allowed: "one tag or more",
            fix: "name a tag that all resources have",
          },
        ]),
  ];
}
