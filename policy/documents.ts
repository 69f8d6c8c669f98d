import { at, items, json } from "./values";

/** A statement of an IAM policy, with what may be one or many as a list. */
export interface Statement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  /** Whether it is about all actions but some. */
  readonly isInverted: boolean;
  readonly resources: readonly string[];
  readonly principals: readonly { readonly kind: string; readonly name: string }[];
  readonly conditions: readonly Condition[];
}

export interface Condition {
  readonly operator: string;
  /** In lower case: IAM does not tell them apart. */
  readonly key: string;
  readonly values: readonly string[];
}

/** The statements of a policy, given as JSON or as an object. One that is not known, or no JSON, has none. */
export function statementsOf(document: unknown): readonly Statement[] {
  return items(at(json(document), "Statement")).map((statement) => ({
    allows: at(statement, "Effect") === "Allow",
    actions: texts(at(statement, "Action")),
    isInverted: at(statement, "NotAction") !== undefined,
    resources: texts(at(statement, "Resource")),
    principals: principalsOf(at(statement, "Principal")),
    conditions: conditionsOf(at(statement, "Condition")),
  }));
}

function texts(value: unknown): readonly string[] {
  return items(value).filter((each) => typeof each === "string");
}

function principalsOf(principal: unknown): Statement["principals"] {
  if (typeof principal !== "object" || principal === null) {
    return principal === "*" ? [{ kind: "*", name: "*" }] : [];
  }
  return Object.entries(principal).flatMap(([kind, names]) =>
    texts(names).map((name) => ({ kind, name })),
  );
}

function conditionsOf(condition: unknown): readonly Condition[] {
  if (typeof condition !== "object" || condition === null) return [];
  return Object.entries(condition).flatMap(([operator, tests]) =>
    Object.entries(tests as object).map(([key, values]) => ({
      operator,
      key: key.toLowerCase(),
      values: items(values).map(String),
    })),
  );
}

/**
 * Keys that say who asks or from where. A statement for everybody that has one of them with a value is not public: those of
 * "Blocking public access to your Amazon S3 storage", S3 user guide, and what services of AWS set beside them.
 */
const keysOfCallers = new Set([
  ...["aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths"],
  ...["aws:sourceaccount", "aws:sourcearn", "aws:sourceip", "aws:sourceorgid", "aws:sourceowner"],
  ...["aws:sourcevpc", "aws:sourcevpce", "aws:userid", "kms:calleraccount", "sns:endpoint"],
  // A file system is reached from its own VPC alone: "Blocking public access to EFS file systems", EFS user guide.
  "elasticfilesystem:accessedviamounttarget",
]);

/** Whether a statement lets everybody in, in whatever account. */
export function allowsAnybody({ allows, principals, conditions }: Statement): boolean {
  return (
    allows &&
    principals.some(({ kind, name }) => name === "*" && (kind === "*" || kind === "AWS")) &&
    !conditions.some(({ operator, key, values }) => {
      const isNegated = /Not|Null/.test(operator) || operator.endsWith("IfExists");
      return !isNegated && keysOfCallers.has(key) && !values.some(isEverything);
    })
  );
}

function isEverything(value: string): boolean {
  return value === "*" || value === "0.0.0.0/0" || value === "::/0";
}

/** What a statement says of its actions, for a message. */
export function namesOf({ actions, isInverted }: Statement): string {
  return isInverted ? "all actions but some" : actions.join(", ");
}
