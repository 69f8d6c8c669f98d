import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { BuildVariable } from "./buildspec";
import type { ClientSettings } from "./connection";
import { messageOf } from "../../delivery/errors";
import { ActionError } from "./errors";

/** A variable that has another value in a rehearsal, and why. */
export interface Override {
  /** Absent: the variable is left out. */
  readonly value?: string;
  readonly reason: string;
}

/** What this machine's own environment gives to a build: where programs are, and whom to trust for TLS. */
const inheritedNames =
  /^(PATH|LANG|LC_\w+|TZ|TERM|TMPDIR|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|(HTTPS?|NO)_PROXY|(https?|no)_proxy)$/;

/** The part of an environment that a build may see: it is as empty as CodeBuild's otherwise. */
export function inheritedEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => inheritedNames.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}

/**
 * The variables of a build: later ones win. Secrets and parameters are read under the build's own role.
 * @throws ActionError naming a secret or parameter that cannot be read.
 */
export async function resolveBuildVariables(
  settings: ClientSettings,
  variables: readonly BuildVariable[],
  overrides: Readonly<Record<string, Override>>,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const variable of new Map(variables.map((one) => [one.name, one])).values()) {
    if (Object.hasOwn(overrides, variable.name)) continue;
    values[variable.name] = await lookUp(settings, variable);
  }
  for (const [name, { value }] of Object.entries(overrides)) {
    if (value !== undefined) values[name] = value;
  }
  return values;
}

async function lookUp(settings: ClientSettings, { name, value, type }: BuildVariable) {
  try {
    if (type === "PLAINTEXT") return value;
    return type === "PARAMETER_STORE"
      ? await parameter(settings, value)
      : await readSecret(settings, value);
  } catch (error) {
    const kind = type === "PARAMETER_STORE" ? "parameter" : "secret";
    const code = error instanceof Error ? error.name : "";
    throw new ActionError(
      `${name}: the ${kind} ${value} cannot be read: ${code}: ${messageOf(error)}`,
    );
  }
}

async function parameter(settings: ClientSettings, name: string): Promise<string> {
  const client = new SSMClient(settings);
  const answer = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  return answer.Parameter?.Value ?? "";
}

/**
 * A secret's value, or that of a key of its JSON.
 * @param reference `secret:key:stage:version`, of which all but the first may be missing; an ARN has colons of its own.
 */
export async function readSecret(settings: ClientSettings, reference: string): Promise<string> {
  const parts = reference.split(":");
  const idParts = reference.startsWith("arn:") ? 7 : 1;
  const [key, stage, version] = parts.slice(idParts);
  const client = new SecretsManagerClient(settings);
  const { SecretString = "" } = await client.send(
    new GetSecretValueCommand({
      SecretId: parts.slice(0, idParts).join(":"),
      VersionStage: stage || undefined,
      VersionId: version || undefined,
    }),
  );
  if (!key) return SecretString;
  const values = JSON.parse(SecretString) as Record<string, unknown>;
  if (!(key in values)) throw new Error(`it has no key ${key}`);
  return String(values[key]);
}
