import * as pulumi from "@pulumi/pulumi";
import type { Permission } from "../../components";
import { parseSecretReference } from "../../components/service/secretReference";
import type { EnvironmentConfig, Fault, ServiceConfig } from "../config";
import { allowedResource, resourceFault } from "../config/access";
import { riskOf } from "../config/checks/permissions";
import { isOwn, type OwnSecret, type OwnValue } from "../config/own";
import { formatPath, type Path } from "../config/path";
import { secretInVariable } from "../config/secretValues";
import { mapped } from "../mapped";
import type { Grant } from "../resources";
import { ResourcesError } from "./error";
import type { Returned } from "./returned";

/** What a service is given, whether it stands in config or comes from own resources. */
export interface Taken {
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  readonly permissions: readonly Permission[];
  readonly securityGroupIds: readonly pulumi.Input<string>[];
}

/**
 * Puts what own resources returned where config names it: all names are there. What outputs hold is checked as soon as it is
 * known, with a ResourcesError that stops the program before the service changes.
 * @param used what comes with the things that it uses, and with its topics and queues.
 */
export function taken(
  name: string,
  service: ServiceConfig,
  returned: Returned,
  config: Pick<EnvironmentConfig, "stack">,
  used: Taken = nothing,
): Taken {
  const place = ["services", name];
  const at = (...path: (string | number)[]) => formatPath([...place, ...path]);
  const refuse = refusalOf(config.stack);
  const { permissions, securityGroups, securityGroupIds } = service;
  const own: Taken = {
    ...takenVariables(place, service, returned, config),
    permissions: permissions.flatMap((given, index): readonly Permission[] =>
      isOwn(given)
        ? returned.grants[given.from].map((grant) =>
            granted(grant, at("permissions", index), refuse),
          )
        : [given],
    ),
    securityGroupIds: [
      ...securityGroups.map(({ from }, index) =>
        textOf(returned.securityGroups[from], at("securityGroups", index), refuse),
      ),
      ...securityGroupIds,
    ],
  };
  return together(own, used);
}

/** For a service that is given nothing. */
export const nothing: Taken = {
  ...{ environment: {}, secrets: {}, permissions: [], securityGroupIds: [] },
};

/** Config has refused a variable that both set. */
export function together(one: Taken, other: Taken): Taken {
  return {
    environment: { ...one.environment, ...other.environment },
    secrets: { ...one.secrets, ...other.secrets },
    permissions: [...one.permissions, ...other.permissions],
    securityGroupIds: [...one.securityGroupIds, ...other.securityGroupIds],
  };
}

function refusalOf(stack: string): Refuse {
  return (path, given, allowed, fix) => {
    throw new ResourcesError(stack, [{ path, given, allowed, fix } satisfies Fault]);
  };
}

/**
 * The variables of a container, as {@link taken} has them.
 * @param place of the container in config.
 */
export function takenVariables(
  place: Path,
  { environment, secrets }: Pick<ServiceConfig, "environment" | "secrets">,
  returned: Returned,
  { stack }: Pick<EnvironmentConfig, "stack">,
): Pick<Taken, "environment" | "secrets"> {
  const at = (...path: (string | number)[]) => formatPath([...place, ...path]);
  const refuse = refusalOf(stack);
  return {
    environment: mapped(environment, (value, variable) =>
      isOwn(value)
        ? ownValue(
            returned.values[value.from],
            variable,
            value,
            at("environment", variable),
            refuse,
          )
        : value,
    ),
    secrets: mapped(secrets, (value, variable) =>
      isOwn(value)
        ? ownSecret(returned.secrets[value.from], value, at("secrets", variable), refuse)
        : value,
    ),
  };
}

type Refuse = (path: string, given: string, allowed: string, fix: string) => never;

function ownValue(
  value: pulumi.Input<string | number | boolean>,
  variable: string,
  { from, plain }: OwnValue,
  path: string,
  refuse: Refuse,
): pulumi.Output<string> {
  const given = pulumi.output(value);
  const readable = "what everybody may read: it stands in task definitions and in the console";
  return pulumi.all([given, pulumi.isSecret(given)]).apply(([known, isSecret]) => {
    if (isSecret) {
      const fix = `keep it in Secrets Manager and return the ARN under secrets; if it is none, return pulumi.unsecret(...)`;
      refuse(path, `${from}, which is a secret to Pulumi`, readable, fix);
    }
    if (!["string", "number", "boolean"].includes(typeof known)) {
      const fix = "return one property of the resource, such as table.name";
      refuse(path, `${from}, which is ${kindOf(known)}`, "a text, number or boolean", fix);
    }
    const text = String(known);
    const kind = plain ? undefined : secretInVariable(variable, text);
    if (kind !== undefined) {
      const fix = `keep it in Secrets Manager and return the ARN under secrets; if it is none, write ${variable}: { plain: { from: ${from} } }`;
      refuse(path, `${from}, which looks like ${kind}`, readable, fix);
    }
    return text;
  });
}

function ownSecret(
  value: pulumi.Input<string>,
  { from, key }: OwnSecret,
  path: string,
  refuse: Refuse,
): pulumi.Output<string> {
  return textOf(value, path, refuse).apply((arn) => {
    const kind = kindOfSecret(arn);
    if (kind === undefined) {
      const allowed = "the ARN of a secret in Secrets Manager, or of a parameter in SSM";
      const fix = "return secret.arn, and never the value, which must be replaced where it was";
      return refuse(path, `${from}, which is no ARN of a secret`, allowed, fix);
    }
    if (key === undefined) return arn;
    if (kind === "parameterArn") {
      const allowed = "a key of a secret in Secrets Manager: ECS reads parameters whole";
      return refuse(path, `key: ${key} of a parameter`, allowed, "remove key");
    }
    if (arn.split(":").length > 7) {
      const allowed = "a key in config, or behind the ARN, not both";
      return refuse(path, `key: ${key} of an ARN that has one`, allowed, "return secret.arn alone");
    }
    return `${arn}:${key}::`;
  });
}

/** Undefined where a text is no ARN of a secret. */
function kindOfSecret(text: string): "secretsManagerArn" | "parameterArn" | undefined {
  try {
    const { kind } = parseSecretReference(text);
    return kind === "secretsManagerArn" || kind === "parameterArn" ? kind : undefined;
  } catch {
    return undefined;
  }
}

/** A statement whose resources are checked as config's are, as soon as they are known. */
function granted(grant: Grant, path: string, refuse: Refuse): Permission {
  const { actions, because, conditions } = grant;
  const resources = grant.resources.map((resource) => {
    if (typeof resource === "string") return resource;
    return textOf(resource, path, refuse).apply((known) => {
      const fix = resourceFault(known);
      if (fix !== undefined) return refuse(path, known, allowedResource, fix);
      const risk = riskOf({ actions: [...actions], resources: [known], because });
      return risk
        ? refuse(path, `${actions.join(", ")} on ${known}`, risk.allowed, risk.fix)
        : known;
    });
  });
  return { actions, resources, conditions };
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** What is a text by its type, and with JavaScript may be anything. */
function textOf(value: pulumi.Input<string>, path: string, refuse: Refuse): pulumi.Output<string> {
  return pulumi.output(value).apply((known: unknown) => {
    if (typeof known === "string") return known;
    return refuse(
      path,
      kindOf(known),
      "a text",
      "return one property of the resource, such as its arn",
    );
  });
}
