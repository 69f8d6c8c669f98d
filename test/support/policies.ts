/** A statement as IAM stores it: what may be one or many is either. */
interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, OneOrMany>>;
  readonly NotPrincipal?: never;
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  readonly Resource?: OneOrMany;
  readonly NotResource?: OneOrMany;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>;
}

type OneOrMany = string | readonly string[];

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: Statement | readonly Statement[];
}

/** The values of a request that conditions look at; some keys have several. */
export type RequestContext = Readonly<Record<string, OneOrMany>>;

export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly context?: RequestContext;
  /** Who asks, for policies of resources: an ARN, or an AWS service as `events.amazonaws.com`. */
  readonly principal?: string;
}

export interface Policies {
  /** Of the role that asks. */
  readonly identity?: readonly PolicyDocument[];
  /** Of what is asked for: it can deny, and allow by itself. */
  readonly resource?: PolicyDocument;
}

/**
 * Whether IAM lets a request of a role of the same account through: an explicit denial wins, then any allowance, and
 * what nobody allows is denied. It knows the elements and operators that policies here use; another one throws, since
 * to ignore it would be to guess.
 */
export function isAllowed(request: AccessRequest, { identity = [], resource }: Policies): boolean {
  const statements = [
    ...identity.flatMap(statementsOf).filter((statement) => matches(statement, request)),
    ...(resource ? statementsOf(resource) : []).filter(
      (statement) => principalMatches(statement, request) && matches(statement, request),
    ),
  ];
  const effects = new Set(statements.map(({ Effect }) => Effect));
  return effects.has("Allow") && !effects.has("Deny");
}

/** Whether a role's trust policy lets `principal` take it on. */
export function mayAssume(
  trust: PolicyDocument,
  principal: string,
  context: RequestContext = {},
): boolean {
  // The resource of a trust policy is its role.
  const request = { action: "sts:AssumeRole", resource: "role", principal, context };
  return isAllowed(request, { resource: trust });
}

export function statementsOf({ Statement }: PolicyDocument): readonly Statement[] {
  return Array.isArray(Statement) ? (Statement as Statement[]) : [Statement as Statement];
}

export function listed(value: OneOrMany | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

function matches(statement: Statement, { action, resource, context = {} }: AccessRequest): boolean {
  if (statement.NotPrincipal !== undefined) {
    throw new Error("NotPrincipal is not understood here");
  }
  if (statement.NotResource !== undefined) {
    throw new Error("NotResource is not understood here");
  }
  const named = (patterns: readonly string[]) =>
    patterns.some((pattern) => like(pattern.toLowerCase(), action.toLowerCase()));
  const acts =
    statement.NotAction === undefined
      ? named(listed(statement.Action))
      : !named(listed(statement.NotAction));
  // A trust policy and a repository's name no resource: they are about their own.
  const touches =
    statement.Resource === undefined ||
    listed(statement.Resource).some((pattern) => like(pattern, resource));
  return acts && touches && conditionsHold(statement.Condition ?? {}, context);
}

function principalMatches({ Principal }: Statement, { principal }: AccessRequest): boolean {
  if (Principal === "*") {
    return true;
  }
  if (Principal === undefined || principal === undefined) {
    return false;
  }
  return Object.entries(Principal).some(([kind, given]) => {
    switch (kind) {
      case "Service":
        return listed(given).includes(principal);
      case "AWS":
        return listed(given).some((allowed) => awsPrincipalMatches(allowed, principal));
      default:
        throw new Error(`principals of kind ${kind} are not understood here`);
    }
  });
}

/** The root of an account stands for everyone in it. */
function awsPrincipalMatches(allowed: string, principal: string): boolean {
  const account = /^arn:[^:]+:iam::(\d{12}):root$/.exec(allowed)?.[1];
  return allowed === principal || (account !== undefined && principal.split(":")[4] === account);
}

function conditionsHold(
  conditions: NonNullable<Statement["Condition"]>,
  context: RequestContext,
): boolean {
  const keys = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries(conditions).every(([operator, tests]) =>
    Object.entries(tests).every(([key, wanted]) => {
      const given = keys.get(key.toLowerCase());
      return conditionHolds(
        operator,
        listed(wanted),
        given === undefined ? undefined : listed(given),
      );
    }),
  );
}

type Comparison = (wanted: string, given: string) => boolean;

const comparisons: Readonly<Record<string, Comparison>> = {
  StringEquals: (wanted, given) => wanted === given,
  StringLike: like,
  // In ARNs, IAM takes both for the same.
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
};

/** They hold too where the request lacks the key. */
const negations: Readonly<Record<string, string | undefined>> = {
  StringNotEquals: "StringEquals",
  ArnNotEquals: "ArnEquals",
};

const forAllValues = "ForAllValues:";
const ifExists = "IfExists";

function conditionHolds(
  operator: string,
  wanted: readonly string[],
  given: readonly string[] | undefined,
): boolean {
  if (operator === "Null") {
    return wanted.includes(String(given === undefined));
  }
  if (operator.endsWith(ifExists)) {
    const named = operator.slice(0, -ifExists.length);
    return given === undefined || conditionHolds(named, wanted, given);
  }
  const negated = negations[operator];
  if (negated !== undefined) {
    return !conditionHolds(negated, wanted, given);
  }
  const all = operator.startsWith(forAllValues);
  const compare = comparisons[all ? operator.slice(forAllValues.length) : operator];
  if (!compare) {
    throw new Error(`the condition operator ${operator} is not understood here`);
  }
  const holds = (value: string) => wanted.some((each) => compare(each, value));
  // A key that the request lacks fails a condition, but holds for all of its values, of which there are none.
  return all ? (given ?? []).every(holds) : (given?.some(holds) ?? false);
}

/** `*` is any text and `?` any character; both cross slashes and colons. */
export function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

/** The six parts of an ARN are compared one by one: a `*` crosses slashes but no part. */
function arnLike(pattern: string, text: string): boolean {
  const wanted = arnParts(pattern);
  const given = arnParts(text);
  return (
    wanted !== undefined &&
    given !== undefined &&
    wanted.every((part, index) => like(part, given[index]))
  );
}

function arnParts(arn: string): readonly string[] | undefined {
  const parts = arn.split(":");
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
