import type * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../shared/validation";

/** What a condition compares with: a text, or a list of which one must match. */
export type ConditionValue = pulumi.Input<string> | readonly pulumi.Input<string>[];

/** Conditions of a statement in IAM's own shape: `{ StringEquals: { "aws:ResourceTag/team": "shop" } }`. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, ConditionValue>>>>;

interface ValueKind {
  readonly allowed: string;
  readonly shape: RegExp;
}

const anyText: ValueKind = { allowed: "a text", shape: /^/ };
const truth: ValueKind = { allowed: "true or false", shape: /^(?:true|false)$/i };
const number: ValueKind = { allowed: "a number", shape: /^-?\d+(?:\.\d+)?$/ };
const date: ValueKind = {
  allowed: "a date such as 2026-11-29T00:00:00Z, or seconds since 1970",
  shape:
    /^(?:\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}))?)?)?|\d{9,})$/,
};
const address: ValueKind = {
  allowed: "an address or CIDR block such as 203.0.113.0/24",
  shape: /^(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?|[0-9a-fA-F:]*:[0-9a-fA-F:.]+(?:\/\d{1,3})?)$/,
};
const arn: ValueKind = { allowed: "an ARN, which may have * in it", shape: /^(?:arn:|\*|\$\{)/ };
const binary: ValueKind = { allowed: "Base64", shape: /^[A-Za-z0-9+/]+={0,2}$/ };

/** The operators of IAM ("IAM JSON policy elements: Condition operators", IAM user guide). */
const operators: Readonly<Record<string, ValueKind>> = {
  ...all("String", ["Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase"], anyText),
  ...all("String", ["Like", "NotLike"], anyText),
  ...all("Numeric", ["Equals", "NotEquals", "LessThan", "LessThanEquals"], number),
  ...all("Numeric", ["GreaterThan", "GreaterThanEquals"], number),
  ...all("Date", ["Equals", "NotEquals", "LessThan", "LessThanEquals"], date),
  ...all("Date", ["GreaterThan", "GreaterThanEquals"], date),
  ...{ Bool: truth, BinaryEquals: binary, IpAddress: address, NotIpAddress: address },
  ...all("Arn", ["Equals", "Like", "NotEquals", "NotLike"], arn),
  Null: truth,
};

/** Names of the operators, without what stands before and behind them. */
export const conditionOperators = Object.keys(operators);

export const allowedOperator =
  "an operator of IAM such as StringEquals, with ForAllValues: or ForAnyValue: before it, or IfExists behind it, where needed";
export const allowedConditionKey = "a condition key such as aws:ResourceTag/team";

/** What the values of an operator are; undefined where there is no such operator. */
function kindOf(operator: string): ValueKind | undefined {
  const name = operator.replace(/^For(?:AllValues|AnyValue):/, "");
  // Null asks whether a key exists: neither goes with it.
  if (name === "Null" && name !== operator) return undefined;
  const bare = name.replace(/IfExists$/, "");
  if (bare === "Null" && bare !== name) return undefined;
  return Object.hasOwn(operators, bare) ? operators[bare] : undefined;
}

export function isOperator(name: string): boolean {
  return kindOf(name) !== undefined;
}

export function isConditionKey(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9./_-]*:[^\s*?].*$/.test(name);
}

/** What the values of an operator must be; undefined where this one is. */
export function allowedValue(operator: string, value: string): string | undefined {
  const kind = kindOf(operator);
  return kind === undefined || kind.shape.test(value) ? undefined : kind.allowed;
}

/** What is wrong with the conditions of a statement that is at `path`, as far as they are known. */
export function conditionFaults(path: string, conditions: Conditions): Fault[] {
  return Object.entries(conditions).flatMap(([operator, tests]): Fault[] => {
    const at = `${path}.${operator}`;
    if (!isOperator(operator)) {
      return [{ path, given: operator, allowed: allowedOperator, fix: "name one of these" }];
    }
    return Object.entries(tests).flatMap(([key, value]) => [
      ...(isConditionKey(key)
        ? []
        : [{ path: at, given: key, allowed: allowedConditionKey, fix: "write it as service:Key" }]),
      ...valueFaults(`${at}.${key}`, operator, value),
    ]);
  });
}

function valueFaults(path: string, operator: string, value: ConditionValue): Fault[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) {
    return [{ path, given: [], allowed: "at least one value", fix: "name one, or remove the key" }];
  }
  return values.flatMap((given) => {
    const allowed = typeof given === "string" ? allowedValue(operator, given) : undefined;
    return allowed === undefined ? [] : [{ path, given, allowed, fix: `write ${allowed}` }];
  });
}

function all(of: string, tests: readonly string[], kind: ValueKind): Record<string, ValueKind> {
  return Object.fromEntries(tests.map((test) => [`${of}${test}`, kind]));
}
