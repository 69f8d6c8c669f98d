import { like, listed, type PolicyDocument, statementsOf } from "../../support/policies";
import { fits, reference } from "./reference";

/** A policy of a role, of a resource, or of who may take a role on. */
export type PolicyKind = "identity" | "resource";

type Statement = ReturnType<typeof statementsOf>[number];

/** What is on `*` although its action takes resources, and why. */
const everything: Readonly<Record<string, string>> = {
  "cloudwatch:DescribeAlarms":
    "composite alarms are told to nobody who may see less than all (DescribeAlarms, CloudWatch API reference)",
  "cloudwatch:PutMetricData":
    "a metric that names no dataset is of none; the namespace is a condition",
  "ecs:ListTasks":
    "a list by cluster and service names no container instance; the cluster is a condition",
  "ssm:UpdateInstanceInformation":
    "as AWS's own AmazonSSMManagedInstanceCore has it: the agent's first call is before its instance is known",
};

/** What AWS would never grant, or not as it reads, in the statements of a policy. */
export function faultsOf(document: PolicyDocument, kind: PolicyKind): string[] {
  return statementsOf(document).flatMap((statement) => {
    if (statement.NotAction ?? statement.NotResource) return ["NotAction or NotResource"];
    const actions = listed(statement.Action).flatMap(known);
    return [
      ...listed(statement.Action).flatMap((action) => unknown(action, statement)),
      ...actions.flatMap((action) => resourceFaults(action, statement, kind)),
      ...uselessResources(actions, statement),
      ...actions.flatMap((action) => keyFaults(action, statement)),
    ];
  });
}

/** The actions of the reference that an action of a statement stands for. */
export function known(action: string): string[] {
  return Object.keys(reference.actions).filter((name) => like(action, name));
}

function unknown(action: string, { Effect }: Statement): string[] {
  if (known(action).length === 0) return [`${action} is not in the reference`];
  return Effect === "Allow" && action.includes("*") ? [`${action} is allowed with a wildcard`] : [];
}

function resourceFaults(action: string, statement: Statement, kind: PolicyKind): string[] {
  const { resources: types } = reference.actions[action];
  const given = listed(statement.Resource);
  if (kind === "resource") {
    // Such a policy is about its own resource, which it need not name.
    if (types.length === 0) return [`${action} takes no resource, and so no policy of one`];
    if (given.length === 0 || given.includes("*")) return [];
  }
  if (given.includes("*")) {
    const isBroad = statement.Effect === "Allow" && types.length > 0 && !(action in everything);
    return isBroad ? [`${action} is allowed on * and takes ${types.join(", ")}`] : [];
  }
  if (types.length === 0) return [`${action} is on ${given.join(", ")} and takes * alone`];
  const isOf = given.some((resource) => types.some((type) => fits(resource, type)));
  return isOf ? [] : [`${action} is on ${given.join(", ")} and takes ${types.join(", ")}`];
}

/** Resources that none of the statement's actions is for. */
function uselessResources(actions: readonly string[], statement: Statement): string[] {
  const types = actions.flatMap((action) => reference.actions[action].resources);
  return listed(statement.Resource)
    .filter((resource) => resource !== "*" && !types.some((type) => fits(resource, type)))
    .map((resource) => `${resource} is nothing for ${actions.join(", ")}`);
}

function keyFaults(action: string, { Condition = {} }: Statement): string[] {
  const { keys = [] } = reference.actions[action];
  const takes = [...keys, ...reference.globalKeys];
  return Object.values(Condition)
    .flatMap((tests) => Object.keys(tests))
    .filter((key) => !takes.some((pattern) => like(pattern.toLowerCase(), key.toLowerCase())))
    .map((key) => `${action} knows no ${key}`);
}
