import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  type DescribeSecretCommandOutput,
} from "@aws-sdk/client-secrets-manager";
import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  PutParameterCommand,
  type ParameterMetadata,
} from "@aws-sdk/client-ssm";
import type { Clients } from "../../delivery/clients";
import { isNamed } from "../../delivery/errors";
import { parameterNames } from "../../delivery/preflight/secrets";
import type { SecretPlace } from "./references";
import { telling } from "./refused";
import { largestStandardParameter } from "./value";

export type SecretClients = Pick<Clients, "secrets" | "ssm">;

/** A secret that is there; nothing of its value. */
export interface FoundSecret {
  /** Its name, by which SSM is told of it; else as it was asked for. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly changedAt?: string;
  /** Until when it can be restored: ISO 8601, UTC. Absent where nobody has deleted it. */
  readonly deletedUntil?: string;
  /** Absent where nothing rotates it. */
  readonly rotation?: { readonly everyDays?: number; readonly nextAt?: string };
  /** The service of AWS that manages it, such as `rds`. */
  readonly owner?: string;
  readonly parameter?: { readonly type: string; readonly keyId?: string; readonly tier?: string };
}

/** @returns undefined where there is none. */
export async function lookAt(
  { secrets, ssm }: SecretClients,
  { store, id }: SecretPlace,
): Promise<FoundSecret | undefined> {
  if (store === "secretsManager") {
    try {
      const call = () => secrets.send(new DescribeSecretCommand({ SecretId: id }));
      return foundSecret(id, await telling(call, { doing: `looking at ${id}` }));
    } catch (error) {
      if (isNamed(error, "ResourceNotFoundException")) return undefined;
      throw error;
    }
  }
  const Values = parameterNames(id);
  const call = () =>
    ssm.send(
      new DescribeParametersCommand({
        ParameterFilters: [{ Key: "Name", Option: "Equals", Values }],
      }),
    );
  const { Parameters = [] } = await telling(call, { doing: `looking at ${id}` });
  const [found] = Parameters;
  return found && foundParameter(found);
}

export function foundSecret(id: string, found: Partial<DescribeSecretCommandOutput>): FoundSecret {
  const { LastChangedDate, CreatedDate, DeletedDate, NextRotationDate, RotationRules } = found;
  const changedAt = LastChangedDate ?? CreatedDate;
  const everyDays = RotationRules?.AutomaticallyAfterDays;
  return {
    id,
    ...(changedAt ? { changedAt: changedAt.toISOString() } : {}),
    ...(DeletedDate ? { deletedUntil: DeletedDate.toISOString() } : {}),
    ...(found.OwningService ? { owner: found.OwningService } : {}),
    ...(found.RotationEnabled
      ? {
          rotation: {
            ...(everyDays === undefined ? {} : { everyDays }),
            ...(NextRotationDate ? { nextAt: NextRotationDate.toISOString() } : {}),
          },
        }
      : {}),
  };
}

export function foundParameter(found: ParameterMetadata): FoundSecret {
  const { Name = "", LastModifiedDate, Type = "", KeyId: keyId, Tier: tier } = found;
  return {
    id: Name,
    ...(LastModifiedDate ? { changedAt: LastModifiedDate.toISOString() } : {}),
    parameter: { type: Type, ...(keyId ? { keyId } : {}), ...(tier ? { tier } : {}) },
  };
}

/** The whole value, which is for no output. @throws SecretBytes where it is no text. */
export async function readSecret(
  { secrets, ssm }: SecretClients,
  { store, id }: SecretPlace,
): Promise<string | undefined> {
  if (store === "secretsManager") {
    const call = () => secrets.send(new GetSecretValueCommand({ SecretId: id }));
    return (await telling(call, { doing: `reading ${id}` })).SecretString;
  }
  const call = () => ssm.send(new GetParameterCommand({ Name: id, WithDecryption: true }));
  return (await telling(call, { doing: `reading ${id}` })).Parameter?.Value;
}

/** What a new secret has, beside its value. */
export interface NewSecret {
  readonly tags: Readonly<Record<string, string>>;
  /** ARN of the key that encrypts it. Default: AWS's own of the service. */
  readonly keyArn?: string;
  readonly description: string;
}

export async function createSecret(
  { secrets, ssm }: SecretClients,
  { store, id }: SecretPlace,
  value: string,
  { tags, keyArn, description }: NewSecret,
): Promise<void> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const call =
    store === "secretsManager"
      ? () =>
          secrets.send(
            new CreateSecretCommand({
              ...{ Name: id, SecretString: value, Description: description, Tags },
              ...(keyArn === undefined ? {} : { KmsKeyId: keyArn }),
            }),
          )
      : () =>
          ssm.send(
            new PutParameterCommand({
              ...{ Name: id, Value: value, Type: "SecureString", Description: description },
              ...(keyArn === undefined ? {} : { KeyId: keyArn }),
              ...tierOf(value),
            }),
          );
  await telling<unknown>(call, { doing: `creating ${id}`, value });
  if (store === "secretsManager") return;
  // By itself: a PutParameter that was answered twice, since its first answer was lost, is then refused as one that overwrites.
  const tag = () =>
    ssm.send(new AddTagsToResourceCommand({ ResourceType: "Parameter", ResourceId: id, Tags }));
  await telling(tag, { doing: `tagging ${id}, which is there now,` });
}

/** Gives a secret that is there another value; all else of it stays. */
export async function changeSecret(
  { secrets, ssm }: SecretClients,
  { store }: SecretPlace,
  { id, parameter }: FoundSecret,
  value: string,
): Promise<void> {
  const call =
    store === "secretsManager"
      ? () => secrets.send(new PutSecretValueCommand({ SecretId: id, SecretString: value }))
      : () =>
          ssm.send(
            new PutParameterCommand({
              ...{ Name: id, Value: value, Type: "SecureString", Overwrite: true },
              // Without it, it would be encrypted with AWS's own key from then on.
              ...(parameter?.keyId === undefined ? {} : { KeyId: parameter.keyId }),
              ...tierOf(value, parameter?.tier),
            }),
          );
  await telling<unknown>(call, { doing: `changing ${id}`, value });
}

/** A parameter that is advanced cannot be a standard one again. */
function tierOf(value: string, tier?: string): { readonly Tier?: "Advanced" } {
  const isLarge = Buffer.byteLength(value) > largestStandardParameter;
  return isLarge || tier === "Advanced" ? { Tier: "Advanced" } : {};
}

/** @returns until when it can be restored, ISO 8601; undefined where it cannot. */
export async function deleteSecret(
  { secrets, ssm }: SecretClients,
  { store }: SecretPlace,
  { id }: FoundSecret,
  recoveryDays: number,
): Promise<string | undefined> {
  if (store === "secretsManager") {
    const call = () =>
      secrets.send(new DeleteSecretCommand({ SecretId: id, RecoveryWindowInDays: recoveryDays }));
    return (await telling(call, { doing: `deleting ${id}` })).DeletionDate?.toISOString();
  }
  await telling(() => ssm.send(new DeleteParameterCommand({ Name: id })), {
    doing: `deleting ${id}`,
  });
  return undefined;
}
