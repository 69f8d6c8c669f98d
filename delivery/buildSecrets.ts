import { configPathOf } from "../contract/containers";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { parseSecretReference } from "../components/service/secretReference";
import type { Clients } from "./clients";
import { DeliveryError, isNamed, messageOf } from "./errors";
import type { Target } from "./target";

export interface SecretReader {
  readonly clients: Pick<Clients, "secrets" | "ssm">;
  readonly target: Pick<Target, "stack" | "region">;
  /** Of which they are, for errors. */
  readonly service: string;
}

/**
 * The values of what a build mounts.
 * @param secrets where each is kept, by id.
 * @returns undefined where there are none.
 * @throws DeliveryError naming each that cannot be read, and never a value.
 */
export async function readBuildSecrets(
  secrets: Readonly<Record<string, string>>,
  reader: SecretReader,
): Promise<Readonly<Record<string, string>> | undefined> {
  const values: Record<string, string> = {};
  const faults: string[] = [];
  for (const [id, reference] of Object.entries(secrets)) {
    try {
      values[id] = await valueOf(reference, reader);
    } catch (error) {
      faults.push(`${id}: ${reasonOf(error, reader.target)}`);
    }
  }
  if (faults.length > 0) {
    throw new DeliveryError(
      `secrets that the image of ${reader.service} is built with cannot be read; nothing was built. They are in ` +
        `${configPathOf(reader.service)}.build.secrets:`,
      faults,
    );
  }
  return Object.keys(values).length > 0 ? values : undefined;
}

/** Told as it is: it holds no value. */
class Unusable extends Error {}

async function valueOf(text: string, { clients }: SecretReader): Promise<string> {
  const reference = parseSecretReference(text);
  switch (reference.kind) {
    case "secretsManagerName":
      return inSecret(clients, { id: reference.name, key: reference.jsonKey });
    case "secretsManagerArn": {
      const { secretArn, valueFrom } = reference;
      const [key, stage, version] = valueFrom.slice(secretArn.length + 1).split(":");
      return inSecret(clients, { id: secretArn, key, stage, version });
    }
    case "parameterName":
      return parameter(clients, reference.name);
    case "parameterArn":
      return parameter(clients, reference.arn);
  }
}

interface Wanted {
  readonly id: string;
  readonly key?: string;
  readonly stage?: string;
  readonly version?: string;
}

async function inSecret(
  { secrets }: SecretReader["clients"],
  { id, key, stage, version }: Wanted,
): Promise<string> {
  const { SecretString: text } = await secrets.send(
    new GetSecretValueCommand({
      SecretId: id,
      ...(stage ? { VersionStage: stage } : {}),
      ...(version ? { VersionId: version } : {}),
    }),
  );
  if (text === undefined) throw new Unusable(`${id} holds bytes; keep a text in it`);
  return usable(id, key ? valueOfKey(id, key, text) : text);
}

async function parameter({ ssm }: SecretReader["clients"], name: string): Promise<string> {
  const { Parameter: found } = await ssm.send(
    new GetParameterCommand({ Name: name, WithDecryption: true }),
  );
  return usable(name, found?.Value ?? "");
}

function valueOfKey(id: string, key: string, text: string): string {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // Said below.
  }
  if (typeof content !== "object" || content === null) {
    throw new Unusable(`${id} holds no JSON, in which ${key} would be`);
  }
  const value: unknown = Object.hasOwn(content, key) ? Reflect.get(content, key) : undefined;
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new Unusable(`the JSON in ${id} has no text ${key}`);
}

/** It is handed over in a variable. */
function usable(id: string, value: string): string {
  if (value === "") throw new Unusable(`${id} is empty`);
  if (value.includes("\0")) throw new Unusable(`${id} holds bytes; keep a text in it`);
  return value;
}

function reasonOf(error: unknown, { stack, region }: SecretReader["target"]): string {
  if (isNamed(error, "ResourceNotFoundException") || isNamed(error, "ParameterNotFound")) {
    return `there is none of that name in ${region}; make it there, or name one that is there`;
  }
  if (isNamed(error, "AccessDeniedException")) {
    return `this role may not read it (${messageOf(error)}). Rights of a pipeline are made with it: pulumi up --stack ${stack}`;
  }
  return messageOf(error);
}
