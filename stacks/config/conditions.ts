import { z } from "zod";
import {
  allowedConditionKey,
  allowedOperator,
  allowedValue,
  conditionOperators,
  isConditionKey,
  isOperator,
} from "../../components/service/conditions";
import { filledList, scalar } from "./fields";
import { nearest } from "./nearest";
import { either } from "./own";

/** Conditions of a statement, in IAM's own shape: `{ operator: { key: value | [values] } }`. */
export function conditionsSchema() {
  return z
    .record(z.string(), testsSchema(), { error: "{ operator: { key: value } }" })
    .superRefine((given, context) => {
      for (const [operator, tests] of Object.entries(given)) {
        if (isOperator(operator)) checkTests(operator, tests, context);
        else report(context, [operator], allowedOperator, operatorFix(operator));
      }
    });
}

type Tests = Readonly<Record<string, string | string[]>>;

function testsSchema() {
  const value = scalar(z.string({ error: "a text, number or boolean" }));
  const values = either(Array.isArray, filledList(value, "values"), value);
  return z.record(z.string(), values, { error: "{ key: value }, or { key: [values] }" });
}

function checkTests(operator: string, tests: Tests, context: z.core.$RefinementCtx): void {
  if (Object.keys(tests).length === 0) {
    report(context, [operator], "{ key: value }", "name a key, or remove the operator");
  }
  for (const [key, given] of Object.entries(tests)) {
    if (!isConditionKey(key)) {
      report(context, [operator, key], allowedConditionKey, "write it as service:Key");
      continue;
    }
    [given].flat().forEach((value, index) => {
      const allowed = allowedValue(operator, value);
      const path = [operator, key, ...(Array.isArray(given) ? [index] : [])];
      if (allowed !== undefined) report(context, path, allowed, `write ${allowed}`);
    });
  }
}

function report(
  context: z.core.$RefinementCtx,
  path: (string | number)[],
  message: string,
  fix: string,
): void {
  context.addIssue({ code: "custom", path, message, params: { fix } });
}

/** The operator that was probably meant, with what stood before and behind it. */
export function operatorFix(given: string): string {
  const [, before, name, behind] = /^(For\w+:)?(.*?)(IfExists)?$/.exec(given) ?? [];
  const meant = nearest(name, conditionOperators);
  if (meant === undefined) return "name an operator of IAM, such as StringEquals or ArnLike";
  const whole = `${before ?? ""}${meant}${behind ?? ""}`;
  return isOperator(whole) ? `did you mean ${whole}?` : `did you mean ${meant}?`;
}
