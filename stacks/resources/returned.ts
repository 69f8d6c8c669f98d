import { Output } from "@pulumi/pulumi";
import { isRecord } from "../../contract/record";
import { actionFault, allowedAction, allowedResource, resourceFault } from "../config/access";
import { riskOf } from "../config/checks/permissions";
import type { Fault } from "../config/fault";
import { oneOf } from "../config/fields";
import { describeGiven, quote } from "../config/given";
import { nearest } from "../config/nearest";
import { allowedOwnName, ownNameFault } from "../config/own";
import type { Grant, Lookup, OwnResources } from "../resources";
import { grantConditionFaults, unknownKeys } from "./grantFaults";

/** What the function returned, with everything that it left out. */
export interface Returned {
  readonly values: NonNullable<OwnResources["values"]>;
  readonly secrets: NonNullable<OwnResources["secrets"]>;
  readonly grants: Readonly<Record<string, readonly Grant[]>>;
  readonly securityGroups: NonNullable<OwnResources["securityGroups"]>;
  readonly lookups: readonly Lookup[];
}

export const nothingReturned: Returned = {
  ...{ values: {}, secrets: {}, grants: {}, securityGroups: {}, lookups: [] },
};

const kinds = ["values", "secrets", "grants", "securityGroups"] as const;
const keys = [...kinds, "lookups"];

/** Actions that change nothing, as far as their names say so. */
const reads = /^[a-z0-9-]+:(?:BatchGet|Describe|Get|List|Lookup|Search)[A-Za-z0-9]*$/;

/**
 * Reads what the function returned: JavaScript may return anything.
 * @param report receives each fault. What is faulty is left out.
 */
export function readReturned(returned: unknown, report: (fault: Fault) => void): Returned {
  if (returned === undefined) return nothingReturned;
  if (!isRecord(returned) || Output.isInstance(returned)) {
    report({
      path: "resources",
      given: Output.isInstance(returned) ? "an output" : describeGiven(["resources"], returned),
      allowed: `an object of ${oneOf(keys)}, or nothing`,
      fix: "return { values: { ... } }; values in it may be outputs",
    });
    return nothingReturned;
  }
  for (const key of Object.keys(returned)) {
    if (keys.includes(key)) continue;
    const meant = nearest(key, keys);
    report({
      path: `resources.${key}`,
      given: "an unknown key",
      allowed: keys.join(", "),
      fix: meant ? `did you mean ${meant}?` : `return ${key} under one of these`,
    });
  }
  const named = <T>(kind: (typeof kinds)[number]) =>
    readNamed(kind, returned[kind], report) as Record<string, T>;
  return {
    values: named("values"),
    secrets: named("secrets"),
    grants: Object.fromEntries(
      Object.entries(named<unknown>("grants")).map(([name, given]) => [
        name,
        readStatements<Grant>(`resources.grants.${name}`, given, report),
      ]),
    ),
    securityGroups: named("securityGroups"),
    lookups: readStatements<Lookup>("resources.lookups", returned.lookups ?? [], report, true),
  };
}

function readNamed(
  kind: string,
  given: unknown,
  report: (fault: Fault) => void,
): Record<string, unknown> {
  if (given === undefined) return {};
  const path = `resources.${kind}`;
  if (!isRecord(given) || Output.isInstance(given)) {
    report({
      path,
      given: Output.isInstance(given) ? "an output" : describeGiven(["resources"], given),
      allowed: `${kind} by name: names are known before anything is made`,
      fix: `return ${kind}: { name: ... }`,
    });
    return {};
  }
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => {
      if (ownNameFault(name) !== undefined) {
        report({
          path,
          given: "a name that config cannot take",
          allowed: allowedOwnName,
          fix: "call it tableName or orders",
        });
        return false;
      }
      if (value !== undefined && value !== null) return true;
      report({
        path: `${path}.${name}`,
        given: "nothing",
        allowed: `what ${name} is, or an output of it`,
        fix: `give ${name} a value, or leave it out`,
      });
      return false;
    }),
  );
}

/** Statements of a policy, one or a list. */
function readStatements<T extends Grant | Lookup>(
  path: string,
  given: unknown,
  report: (fault: Fault) => void,
  isLookup = false,
): T[] {
  const isList = Array.isArray(given);
  return (isList ? (given as unknown[]) : [given]).flatMap((each, index) => {
    const faults = statementFaults(isList ? `${path}[${index}]` : path, each, isLookup);
    faults.forEach(report);
    return faults.length > 0 ? [] : [each as T];
  });
}

function statementFaults(path: string, given: unknown, isLookup: boolean): Fault[] {
  const shape = "{ actions: [...], resources: [...] }";
  if (!isRecord(given) || !isFilled(given.actions) || !isFilled(given.resources)) {
    const allowed = `${shape}, both filled`;
    return [{ path, given: describeGiven(["resources"], given), allowed, fix: `write ${shape}` }];
  }
  const { actions, resources, because } = given;
  const at = (key: string, index: number) => `${path}.${key}[${index}]`;
  const faults = actions.flatMap((action, index): Fault[] => {
    const fix = typeof action === "string" ? actionFault(action) : "write it as s3:GetObject";
    const said = typeof action === "string" ? quote(action) : `a ${typeof action}`;
    if (fix !== undefined)
      return [{ path: at("actions", index), given: said, allowed: allowedAction, fix }];
    if (!isLookup || reads.test(String(action))) return [];
    const allowed = "actions that read: Describe..., Get..., List...";
    return [
      {
        ...{ path: at("actions", index), given: said, allowed },
        fix: "leave it out: plans and deployments run the program, and change no resource of yours",
      },
    ];
  });
  resources.forEach((resource, index) => {
    // What an output is, is known with its value alone.
    if (typeof resource !== "string" && !isLookup && isInput(resource)) return;
    const fix =
      typeof resource === "string" ? resourceFault(resource) : "write it as a text: arn:aws:...";
    if (fix === undefined) return;
    const said = typeof resource === "string" ? quote(resource) : `a ${typeof resource}`;
    faults.push({ path: at("resources", index), given: said, allowed: allowedResource, fix });
  });
  const known = ["actions", "resources", "because", ...(isLookup ? [] : ["conditions"])];
  faults.push(...unknownKeys(path, given, known));
  if (!isLookup) faults.push(...grantConditionFaults(`${path}.conditions`, given.conditions));
  if (faults.length > 0) return faults;
  const texts = resources.filter((one): one is string => typeof one === "string");
  const reason = typeof because === "string" && /\S/.test(because) ? { because } : {};
  const risk = riskOf({ actions: actions as string[], resources: texts, ...reason });
  if (!risk) return [];
  const [key, index] = risk.at;
  const of = key === "actions" ? (actions as string[])[index] : "*";
  const place = key === "actions" ? index : resources.indexOf("*");
  return [{ path: at(key, place), given: of, allowed: risk.allowed, fix: risk.fix }];
}

function isFilled(given: unknown): given is unknown[] {
  return Array.isArray(given) && given.length > 0;
}

function isInput(given: unknown): boolean {
  return Output.isInstance(given) || given instanceof Promise;
}
