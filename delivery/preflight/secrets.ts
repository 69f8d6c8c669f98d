import { DescribeSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParametersCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { parseSecretReference } from "../../components/service/secretReference";
import { regionOf } from "../../stacks/config/checks/secretPlaces";
import { containersOf } from "../../stacks/config/containers";
import { literals } from "../../stacks/config/own";
import type { Target } from "../target";
import type { PreflightFault } from "./fault";

/** A secret that tasks read, and who does. */
export interface WantedSecret {
  readonly store: "secretsManager" | "parameterStore";
  /** Name or ARN. */
  readonly id: string;
  /** Where config names it, such as `services.web.secrets.DATABASE_URL`. */
  readonly usedBy: readonly string[];
}

export interface SecretClients {
  readonly secrets: SecretsManagerClient;
  readonly ssm: SSMClient;
}

/** What GetParameters takes at once. */
const parametersPerCall = 10;

/**
 * The secrets that the services of a config name, each once. JSON keys are left out: reading them is reading the secret. Secrets of
 * own resources are too: they come with the resources, which a deployment finds in its preview.
 */
export function wantedSecrets({ config }: Pick<Target, "config">): WantedSecret[] {
  const found = new Map<string, WantedSecret>();
  const containers = Object.entries(config.services).flatMap(([service, each]) =>
    containersOf(each).map(({ path, secrets }) => ({
      place: ["services", service, ...path, "secrets"].join("."),
      secrets,
    })),
  );
  for (const { place, secrets } of containers) {
    for (const [variable, text] of Object.entries(literals(secrets))) {
      const { store, id } = placeOf(text);
      const usedBy = [...(found.get(`${store} ${id}`)?.usedBy ?? []), `${place}.${variable}`];
      found.set(`${store} ${id}`, { store, id, usedBy });
    }
  }
  return [...found.values()];
}

function placeOf(text: string): Pick<WantedSecret, "store" | "id"> {
  const reference = parseSecretReference(text);
  switch (reference.kind) {
    case "secretsManagerArn":
      return { store: "secretsManager", id: reference.secretArn };
    case "secretsManagerName":
      return { store: "secretsManager", id: reference.name };
    case "parameterArn":
      return { store: "parameterStore", id: reference.arn };
    case "parameterName":
      return { store: "parameterStore", id: reference.name };
  }
}

/**
 * The secrets that are missing. None is read: only whether it is there.
 * @param unseen receives what is not looked at: in other regions, or what these credentials may not see, as of another account.
 */
export async function secretFaults(
  clients: SecretClients,
  target: Target,
  unseen: (line: string) => void,
): Promise<PreflightFault[]> {
  const wanted = wantedSecrets(target).filter((secret) => {
    if ((regionOf(secret.id) ?? target.region) === target.region) return true;
    unseen(`${secret.usedBy.join(", ")}: ${secret.id} is in another region, where nobody looks`);
    return false;
  });
  const faults: PreflightFault[] = [];
  for (const secret of wanted.filter(({ store }) => store === "secretsManager")) {
    const fault = await secretsManagerFault(clients.secrets, target, secret, unseen);
    if (fault) faults.push(fault);
  }
  const parameters = wanted.filter(({ store }) => store === "parameterStore");
  return [...faults, ...(await parameterFaults(clients.ssm, target, parameters, unseen))];
}

async function secretsManagerFault(
  client: SecretsManagerClient,
  target: Target,
  secret: WantedSecret,
  unseen: (line: string) => void,
): Promise<PreflightFault | undefined> {
  try {
    const { DeletedDate: deleted } = await client.send(
      new DescribeSecretCommand({ SecretId: secret.id }),
    );
    return (
      deleted && {
        ...missing(target, secret, "Secrets Manager"),
        fault: `the secret ${secret.id} in Secrets Manager is scheduled for deletion`,
        fix: `aws secretsmanager restore-secret --region ${target.region} --secret-id ${secret.id}`,
      }
    );
  } catch (error) {
    const { name } = error as Error;
    if (name === "ResourceNotFoundException") return missing(target, secret, "Secrets Manager");
    if (name !== "AccessDeniedException") throw error;
    unseen(`${secret.usedBy.join(", ")}: not allowed to see whether ${secret.id} is there`);
    return undefined;
  }
}

async function parameterFaults(
  ssm: SSMClient,
  target: Target,
  wanted: readonly WantedSecret[],
  unseen: (line: string) => void,
): Promise<PreflightFault[]> {
  const names = [...new Set(wanted.flatMap(({ id }) => parameterNames(id)))];
  const there = new Set<string>();
  try {
    for (let start = 0; start < names.length; start += parametersPerCall) {
      const Names = names.slice(start, start + parametersPerCall);
      const { Parameters = [] } = await ssm.send(
        new GetParametersCommand({ Names, WithDecryption: false }),
      );
      for (const { Name } of Parameters) if (Name) there.add(Name);
    }
  } catch (error) {
    if ((error as Error).name !== "AccessDeniedException") throw error;
    unseen(`not allowed to see whether the parameters ${names.join(", ")} are there`);
    return [];
  }
  return wanted
    .filter(({ id }) => !parameterNames(id).some((name) => there.has(name)))
    .map((secret) => missing(target, secret, "SSM"));
}

/** The names that a parameter may have. An ARN does not tell `/name` from `name`. */
export function parameterNames(id: string): string[] {
  const path = /^arn:[^/]*:parameter(\/.+)$/.exec(id)?.[1];
  if (path === undefined) return [id];
  return path.lastIndexOf("/") > 0 ? [path] : [path, path.slice(1)];
}

function missing(
  { stack, region }: Target,
  { id, usedBy, store }: WantedSecret,
  where: string,
): PreflightFault {
  return {
    where: usedBy.join(", "),
    fault: `there is no ${store === "secretsManager" ? "secret" : "parameter"} ${id} in ${where} of ${region}`,
    allowed: `a secret that is there for ${stack}`,
    fix: id.startsWith("arn:")
      ? "create it and name its ARN in the config, or name one that is there"
      : `npx gantry secret set ${id} --stack ${stack}`,
  };
}
