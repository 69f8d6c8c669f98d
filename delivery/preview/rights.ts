import { asJson } from "../issues";
import { unknownValue, type PlannedChange } from "../engine/changes";
import { joined, say, type Phrase } from "./phrase";

/** What a change does to rights. */
export interface RightsChange {
  readonly kind: "added" | "removed" | "unknown";
  readonly what: Phrase;
  /** Whether it gives so much that whoever reviews must see it first. */
  readonly isBroad: boolean;
}

/** One action on one resource: a statement of IAM stands for all pairs of its own. */
interface Right {
  readonly effect: string;
  readonly principal: string;
  readonly condition: string;
  readonly action: string;
  readonly resource: string;
}

type Values = Readonly<Record<string, unknown>>;

/** Inputs that hold a policy, of roles and of resources. */
const documents = ["policy", "assumeRolePolicy", "inlinePolicies"] as const;

/**
 * What becomes allowed and what no longer is, pair by pair of action and resource, so that a statement that is written
 * another way is no change. Statements with `NotAction`, `NotResource` or `NotPrincipal` are taken as they are.
 */
export function rightsChanges(change: PlannedChange): RightsChange[] {
  const { op, oldInputs, newInputs } = change;
  const before = op === "create" ? {} : oldInputs;
  const after = op === "delete" ? {} : newInputs;
  return [
    ...documents.flatMap((key) => documentChanges(change, key, before[key], after[key])),
    ...attachmentChanges(change, before, after),
  ];
}

function documentChanges(
  change: PlannedChange,
  key: (typeof documents)[number],
  before: unknown,
  after: unknown,
): RightsChange[] {
  const holder = holderOf(change);
  if (isUnknown(after)) {
    return [{ kind: "unknown", what: say`rights of ${holder}`, isBroad: false }];
  }
  const old = rightsIn(before);
  const now = rightsIn(after);
  return [
    ...without(now, old).map((group) => ({
      kind: "added" as const,
      what: sentence(holder, key, group),
      isBroad: isBroad(group),
    })),
    ...without(old, now).map((group) => ({
      kind: "removed" as const,
      what: sentence(holder, key, group),
      isBroad: group.effect === "Deny",
    })),
  ];
}

/** A managed policy that a role gets or loses by its ARN. */
function attachmentChanges(change: PlannedChange, before: Values, after: Values): RightsChange[] {
  const arns = (inputs: Values): unknown[] =>
    [inputs.policyArn, inputs.managedPolicyArns].flat().filter((arn) => arn !== undefined);
  const broad = (arn: string) =>
    /\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)$/.test(arn);
  const holder = holderOf(change);
  const [old, now] = [arns(before).map(String), arns(after).map(String)];
  const told = (arn: string) => (arn === unknownValue ? "a policy that the update makes" : arn);
  return [
    ...now
      .filter((arn) => !old.includes(arn))
      .map((arn) => ({
        kind: "added" as const,
        what: say`${holder} has all rights of ${told(arn)}`,
        isBroad: broad(arn),
      })),
    ...old
      .filter((arn) => !now.includes(arn))
      .map((arn) => ({
        kind: "removed" as const,
        what: say`${holder} has all rights of ${told(arn)}`,
        isBroad: false,
      })),
  ];
}

/** The role that a policy is of, where it is known; else the resource. */
function holderOf({ newInputs, oldInputs, name }: PlannedChange): string {
  const role = newInputs.role ?? oldInputs.role;
  return typeof role === "string" && role !== unknownValue ? role : name;
}

function isUnknown(document: unknown): boolean {
  return JSON.stringify(document)?.includes(unknownValue) ?? false;
}

function rightsIn(document: unknown): Right[] {
  if (document === undefined) return [];
  if (Array.isArray(document)) {
    return document.flatMap((inline: Values) => rightsIn(inline.policy));
  }
  const parsed = typeof document === "string" ? asJson(document) : document;
  const statements = [(parsed as Values | undefined)?.Statement ?? []].flat() as Values[];
  return statements.flatMap(rightsOfStatement);
}

function rightsOfStatement(statement: Values): Right[] {
  const { Effect, Condition } = statement;
  const common = {
    effect: String(Effect),
    principal: principalText(statement.Principal, statement.NotPrincipal),
    condition: Condition === undefined ? "" : stable(Condition),
  };
  const actions = listed(statement.Action, statement.NotAction, "any action");
  const resources = listed(statement.Resource, statement.NotResource, "");
  return actions.flatMap((action) =>
    resources.map((resource) => ({ ...common, action, resource })),
  );
}

function listed(given: unknown, excluded: unknown, otherwise: string): string[] {
  if (excluded !== undefined) return [`all but ${[excluded].flat().map(String).join(", ")}`];
  const values = [given ?? []].flat().map(String);
  return values.length > 0 ? values : [otherwise];
}

function principalText(given: unknown, excluded: unknown): string {
  if (excluded !== undefined) return `all but ${stable(excluded)}`;
  if (given === undefined) return "";
  if (typeof given === "string") return given;
  return Object.values(given as Values)
    .flatMap((value) => [value].flat().map(String))
    .sort()
    .join(", ");
}

/** JSON whose keys and lists have one order, so that the same condition is the same text. */
function stable(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 1 ? stable(value[0]) : `[${value.map(stable).sort().join(",")}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${stable(inner)}`).join(",")}}`;
}

/** Rights that differ in nothing but their actions and resources, all pairs of which there are. */
interface Group extends Omit<Right, "action" | "resource"> {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

function without(rights: readonly Right[], others: readonly Right[]): Group[] {
  const known = new Set(others.map((right) => stable(right)));
  const left = new Map(
    rights.map((right) => [stable(right), right] as const).filter(([key]) => !known.has(key)),
  );
  const whose = ({ effect, principal, condition }: Omit<Right, "action" | "resource">) =>
    [effect, principal, condition].join("\n");
  const byResource = grouped([...left.values()], (right) => `${whose(right)}\n${right.resource}`);
  const merged = byResource.map((group) => ({
    ...group[0],
    actions: group.map(({ action }) => action).sort(),
  }));
  return grouped(merged, (right) => `${whose(right)}\n${right.actions.join()}`).map((group) => ({
    ...group[0],
    resources: group.map(({ resource }) => resource).sort(),
  }));
}

function grouped<T>(values: readonly T[], keyOf: (value: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return [...groups.values()];
}

function sentence(holder: string, key: (typeof documents)[number], group: Group): Phrase {
  const { effect, principal, condition, actions, resources } = group;
  const named = resources.filter((resource) => resource !== "");
  const who = principal === "" ? holder : principal === "*" ? "anyone (*)" : principal;
  const what = key === "assumeRolePolicy" || named.length === 0 ? [holder] : named;
  const right =
    effect === "Deny"
      ? say`${who} must not ${actions} on ${what}`
      : say`${who} may ${actions} on ${what}`;
  return condition === "" ? right : joined(right, say`, where ${condition}`);
}

/** Everything, everyone, or the power to take more. */
function isBroad({ effect, principal, condition, actions, resources }: Group): boolean {
  if (effect !== "Allow") return false;
  const isOpen = principal === "*" && condition === "";
  const isAll = actions.some((action) => /^(?:\*|iam:\*|sts:\*|all but .*)$/.test(action));
  const escalates =
    resources.includes("*") &&
    actions.some((action) =>
      /^(?:iam:(?:PassRole|Put|Attach|Create|Update)|sts:AssumeRole|[\w-]+:\*$)/.test(action),
    );
  return isOpen || isAll || escalates;
}

/** A change of rights as a sentence. */
export function rightsText({ kind, what }: RightsChange): Phrase {
  return kind === "unknown"
    ? joined(what, " are known after the update")
    : joined(`${kind}: `, what);
}
